package solver

import (
	"encoding/json"
	"reflect"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// narrow finds a Deny on a principal itself that closes what no removal closes, and
// that takes nothing from whoever is to be kept: nil when it is no user or role of
// the snapshot, or when the Deny would not do so.
func (c *cutter) narrow(who string) (*CutDeny, error) {
	p := c.s.inv.Principal(who)
	if p == nil || p.ARN != who {
		return nil, nil
	}
	after, err := c.without(c.removed, false)
	if err != nil {
		return nil, err
	}
	others := func(w cutWay) bool { return w.path.start.caller.ARN != who }
	ways := slices.DeleteFunc(slices.Clone(c.base), others)
	for statements := c.denials(ways); ; {
		now, err := c.denying(after.s, p, statements)
		if err != nil {
			return nil, err
		}
		left, _ := c.ways(now)
		if left = slices.DeleteFunc(left, others); len(left) == 0 {
			if len(c.losingIn(now.s)) > 0 {
				return nil, nil
			}
			return writeDeny(who, statements)
		}
		// While a way is always open, answers leave out longer ones to the same role.
		ways = append(ways, left...)
		wider := c.denials(ways)
		if reflect.DeepEqual(wider, statements) {
			return nil, nil
		}
		statements = wider
	}
}

// denying returns a solver like another one where a principal has a policy of Deny
// statements, too.
func (c *cutter) denying(like *Solver, p *inventory.Principal, statements []denial) (*reduced, error) {
	text, err := json.Marshal(map[string]any{"Version": policy.Version2012, "Statement": statements})
	if err != nil {
		return nil, err
	}
	added := &inventory.Policy{Name: "deny", Doc: policy.Parse(text, policy.Identity)}
	cfg := c.s.cfg
	if cfg.Inventory, err = like.inv.Changed(map[string]func(*inventory.Held){p.Account.ID: func(h *inventory.Held) {
		for _, list := range [][]*inventory.Principal{h.Users, h.Roles} {
			for _, o := range list {
				if o.ARN == p.ARN {
					o.Inline = append(slices.Clip(o.Inline), added)
				}
			}
		}
	}}); err != nil {
		return nil, err
	}
	return c.reduced(cfg)
}

func writeDeny(who string, statements []denial) (*CutDeny, error) {
	out := &CutDeny{Policy: who, Type: policy.Identity.String()}
	for _, st := range statements {
		line, err := json.Marshal(st)
		if err != nil {
			return nil, err
		}
		out.Statements = append(out.Statements, string(line))
	}
	return out, nil
}

// A denial is a Deny statement.
type denial struct {
	Effect   string
	Action   []string
	Resource []string
}

// denials lists statements against all that a principal does first on ways of it.
func (c *cutter) denials(ways []cutWay) (out []denial) {
	direct, entered := denial{Effect: "Deny", Action: c.set.patterns}, denial{Effect: "Deny", Action: []string{"sts:AssumeRole"}}
	for i := range ways {
		w := &ways[i]
		if len(w.path.hops) > 0 {
			entered.Resource = append(entered.Resource, w.path.hops[0].to.ARN)
			continue
		}
		for _, k := range c.places[w.at].asks {
			direct.Resource = append(direct.Resource, k.resource)
		}
	}
	for _, d := range []denial{direct, entered} {
		if slices.Sort(d.Resource); len(d.Resource) > 0 {
			d.Resource = slices.Compact(d.Resource)
			out = append(out, d)
		}
	}
	return out
}
