package solver

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A today is what is known of the time at which requests are made: after the
// snapshot was, and never with a session that was issued long before.
type today struct{ user, session *guard.Expr }

// earliest is a day on which this program was not yet there: all that it is asked
// about comes later.
var earliest = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// longest is the longest that a session lasts. Source: STS API reference,
// GetFederationToken and GetSessionToken, 2026 crawl.
const longest = 36 * time.Hour

func todayOf(inv *inventory.Inventory) today {
	now := earliest
	if inv.Created.After(now) {
		now = inv.Created
	}
	after := func(key string, t time.Time, ifThere string) *guard.Expr {
		return guard.Atom(policy.NewCondition("DateGreaterThan"+ifThere, key, []string{t.UTC().Format(time.RFC3339)}))
	}
	clock := guard.And(after("aws:CurrentTime", now, ""), guard.Atom(policy.NewCondition("NumericGreaterThan", "aws:EpochTime", []string{strconv.FormatInt(now.Unix(), 10)})))
	issued := now.Add(-longest)
	return today{
		user:    guard.And(clock, after("aws:TokenIssueTime", issued, "IfExists")),
		session: guard.And(clock, after("aws:TokenIssueTime", issued, "")),
	}
}

// timeKeys are the keys that [today] knows something of.
var timeKeys = set("aws:currenttime", "aws:epochtime", "aws:tokenissuetime")

// apply drops what can't be met at present, and what always is.
func (p *today) apply(v ruling, who *inventory.Principal) ruling {
	if v.never() || !slices.ContainsFunc(v.when.Keys(), func(k string) bool { return timeKeys[strings.ToLower(k)] }) {
		return v
	}
	known := p.user
	if who.Kind == inventory.Role {
		known = p.session
	}
	if _, truth, _ := guard.And(v.when, known).Blocks(); truth == policy.False {
		return ruling{}
	}
	if _, truth, _ := guard.And(guard.Not(v.when), known).Blocks(); truth == policy.False {
		v.when = guard.True
	}
	return v
}
