package audit

import (
	"fmt"
	"strings"
	"time"

	"pathfinder/graphmodel/inventory"
)

const (
	// idle is how long power may lie unused.
	idle = 90 * 24 * time.Hour
	// tracked is how far back AWS tells when a role was last used. Source: IAM user guide,
	// "View last used information for IAM roles", 2026 crawl.
	tracked = 400 * 24 * time.Hour
)

func (a *auditor) unused() (out []Finding) {
	if a.Inventory.Created.IsZero() {
		return nil
	}
	for _, e := range a.climbs() {
		p := e.Principal
		since, detail := a.idleSince(p)
		if !e.Admin || since == "" || strings.HasPrefix(p.Path, "/aws-service-role/") || a.NoEscalations && len(e.Methods()) > 0 {
			continue
		}
		f := Finding{
			Kind: "unused-with-power", Severity: Medium, Reason: "power that nobody uses helps attackers alone", Certain: Certain,
			Account: p.Account.ID, Principal: p.ARN, Resource: p.ARN, Statements: e.Because,
			Title:  fmt.Sprintf("role %s, which has or gets every right, %s", p.Name, since),
			Detail: detail,
			Remedy: Remedy{Text: "Delete the role, or detach its policies until it is needed."},
		}
		if p.IsPermissionSet() { // it can't be changed in its account
			f.Remedy.Text = "Take the permission set off the account in IAM Identity Center until somebody needs it."
		}
		f.ID = identify(f.Kind, p.ARN)
		out = append(out, f)
	}
	return out
}

// idleSince says how long a role has not been used, in words, "" when it was, is too new to
// tell, or it is not known.
func (a *auditor) idleSince(p *inventory.Principal) (title, detail string) {
	ago := func(t time.Time) time.Duration { return a.Inventory.Created.Sub(t) }
	days := func(d time.Duration) int { return int(d.Hours() / 24) }
	switch {
	case p.Kind != inventory.Role:
	case !p.LastUsed.IsZero():
		if d := ago(p.LastUsed); d >= idle {
			return fmt.Sprintf("was last used %d days ago", days(d)), fmt.Sprintf("It was last used on %s.", p.LastUsed.UTC().Format(time.DateOnly))
		}
	case !p.UseKnown || p.Created.IsZero() || ago(p.Created) < idle:
	case ago(p.Created) < tracked:
		return fmt.Sprintf("was never used in the %d days since it was made", days(ago(p.Created))), fmt.Sprintf("It was made on %s, and nobody used it since.", p.Created.UTC().Format(time.DateOnly))
	default:
		return fmt.Sprintf("was not used in %d days", days(tracked)), "AWS does not tell of longer ago."
	}
	return "", ""
}
