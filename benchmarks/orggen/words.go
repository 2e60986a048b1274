package orggen

import "strconv"

// words are what products are called.
var words = []string{
	"orders", "billing", "catalog", "payments", "search", "invoicing", "ledger", "shipping", "pricing", "accounts",
	"reports", "claims", "quotes", "notifications", "identity", "inventory", "loyalty", "returns", "tracking", "fraud",
	"content", "media", "surveys", "contracts", "payroll", "scheduling", "warehouse", "checkout", "reviews", "insights",
	"telemetry", "tickets", "messaging", "onboarding", "documents", "geo", "partners", "metrics", "vouchers", "archive",
}

// appName names the applications: orders, …, archive, orders-2, …
func appName(n int) string {
	name := words[n%len(words)]
	if lap := n / len(words); lap > 0 {
		name += "-" + strconv.Itoa(lap+1)
	}
	return name
}

// What people call roles and resources of an account's own, users, and teams.
var (
	tails  = []string{"import", "export", "sync", "batch", "nightly", "adhoc", "poc", "migration", "backfill", "report", "crawler", "gateway", "cleanup", "bot"}
	people = []string{"ana", "ben", "carla", "dmitri", "elif", "farid", "greta", "hugo", "ines", "jonas", "kofi", "lena", "mateo", "nadia", "olga", "pavel", "quinn", "rosa", "sven", "tala", "umar", "vera", "wanda", "yusuf", "zoe"}
	teams  = []string{"core", "data", "growth", "platform", "payments", "mobile"}
)
