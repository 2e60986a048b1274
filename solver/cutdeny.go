package solver

import (
	"encoding/json"
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
	statements := c.denials(who)
	text, err := json.Marshal(map[string]any{"Version": policy.Version2012, "Statement": statements})
	if err != nil {
		return nil, err
	}
	after, err := c.without(c.removed, false)
	if err != nil {
		return nil, err
	}
	added := &inventory.Policy{Name: "deny", Doc: policy.Parse(text, policy.Identity)}
	inv, err := after.s.inv.Changed(map[string]func(*inventory.Held){p.Account.ID: func(h *inventory.Held) {
		for _, list := range [][]*inventory.Principal{h.Users, h.Roles} {
			for _, o := range list {
				if o.ARN == who {
					o.Inline = append(slices.Clip(o.Inline), added)
				}
			}
		}
	}})
	if err != nil {
		return nil, err
	}
	cfg := c.s.cfg
	cfg.Inventory = inv
	now, err := c.reduced(cfg)
	if err != nil {
		return nil, err
	}
	left, _ := c.ways(now)
	if slices.ContainsFunc(left, func(w cutWay) bool { return w.path.start.caller.ARN == who }) || len(c.losingIn(now.s)) > 0 {
		return nil, nil
	}
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

// denials lists statements against all that a principal does first on its ways.
func (c *cutter) denials(who string) (out []denial) {
	direct, entered := denial{Effect: "Deny", Action: c.set.patterns}, denial{Effect: "Deny", Action: []string{"sts:AssumeRole"}}
	for i := range c.base {
		switch w := &c.base[i]; {
		case w.path.start.caller.ARN != who:
		case len(w.path.hops) == 0:
			for _, k := range c.places[w.at].asks {
				direct.Resource = append(direct.Resource, k.resource)
			}
		default:
			entered.Resource = append(entered.Resource, w.path.hops[0].to.ARN)
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
