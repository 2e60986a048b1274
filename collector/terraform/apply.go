package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// Options say what a plan leaves open.
type Options struct {
	// Accounts are the account ids of providers by their key in the plan, such
	// as aws.prod; under "" that of all others, but for those that the plan tells
	// the account of by their configuration or by who calls.
	Accounts map[string]string
	Region   string // where the plan tells none
}

// Apply returns the snapshot as it will be after the apply of the plan, and what
// changed in it. The given snapshot stays as it is. What can't be known is a gap
// of the new snapshot; an error says which option is missing.
func (p *Plan) Apply(s *snapshot.Snapshot, opts Options) (*snapshot.Snapshot, []overlay.Change, error) {
	for key, id := range opts.Accounts {
		if !arn.IsAccountID(id) {
			return nil, nil, fmt.Errorf("%q, the account of provider %q, is not an account id of 12 digits", id, key)
		}
	}
	w := newPlanner(p, overlay.Edit(s, p.name), opts)
	if err := w.run(); err != nil {
		return nil, nil, err
	}
	return w.edit.Snapshot(), w.edit.Changes(), nil
}

// A planner applies one plan.
type planner struct {
	file      *planFile
	edit      *overlay.Editor
	opts      Options
	instances []*instance
	byAddress map[string]*instance
	scopes    map[string]*scope
	prior     map[string]*dataSource                // what was read before, by address
	configs   map[string]map[string]*configResource // by module and address in it
	only      string                                // the account of a snapshot of one
	told      map[string]place                      // of providers, by their key
	learned   map[string]place
	strange   map[string]bool // providers that may work in another account than only
}

func newPlanner(p *Plan, edit *overlay.Editor, opts Options) *planner {
	w := &planner{
		file: &p.file, edit: edit, opts: opts,
		byAddress: map[string]*instance{}, scopes: map[string]*scope{},
		prior: map[string]*dataSource{}, configs: map[string]map[string]*configResource{},
	}
	if s := p.file.PriorState; s != nil {
		w.remember(&s.Values.Root)
	}
	for _, c := range p.file.ResourceChanges {
		r := &instance{
			resourceChange: c, plan: w, scope: w.scope(c.ModuleAddress),
			before: object(c.Change.Before), after: object(c.Change.After), unknown: anything(c.Change.AfterUnknown),
		}
		r.secret = anything(c.Change.AfterSecret)
		r.scrub()
		name := c.Type + "." + c.Name
		if c.Mode == "data" {
			name = "data." + name
		}
		r.config = w.configOf(c.ModuleAddress, name)
		w.instances = append(w.instances, r)
		if c.Deposed == "" {
			w.byAddress[c.Address] = r
		}
	}
	if ids := edit.Accounts(); len(ids) == 1 {
		w.only = ids[0]
	}
	w.locate()
	w.strange = w.strangers()
	for _, r := range w.instances {
		w.settle(r)
	}
	return w
}

// A dataSource is what was read before the plan was made.
type dataSource struct {
	kind   string
	values map[string]any
	config *configResource // nil when the plan holds none
}

// remember keeps the values of the data sources of a state.
func (p *planner) remember(m *stateModule) {
	for i := range m.Resources {
		if r := &m.Resources[i]; r.Mode == "data" {
			values, _ := scrubbed(anything(r.Values), anything(r.Secrets), nil)
			p.prior[r.Address] = &dataSource{kind: r.Type, values: member(values), config: p.configOf(m.Address, "data."+r.Type+"."+r.Name)}
		}
	}
	for i := range m.Children {
		p.remember(&m.Children[i])
	}
}

// configOf returns the configuration of a resource of a module; nil when the
// plan holds none.
func (p *planner) configOf(module, name string) *configResource {
	if p.configs[module] == nil {
		p.configs[module] = map[string]*configResource{}
		if m := p.scope(module).module; m != nil {
			for _, c := range m.Resources {
				if c != nil {
					p.configs[module][c.Address] = c
				}
			}
		}
	}
	return p.configs[module][name]
}

// run applies what the plan does, in the order in which it can be done: what is
// removed, from policies down to what they hang on; then what comes, from that
// up.
func (p *planner) run() error {
	var work []*instance
	for _, r := range p.instances {
		if r.Mode != "managed" || !r.changes() || !ours(r.ProviderName) {
			continue
		}
		switch {
		case kinds[r.Type] != nil:
			work = append(work, r)
		case r.foreign():
			if r.changesOwned() {
				continue
			}
			r.doubted()
			p.lost(r, "not understood: "+r.Type+"; what it changes is not in the answers")
		}
	}
	depths := p.depths()
	slices.SortStableFunc(work, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(kinds[a.Type].rank, kinds[b.Type].rank), cmp.Compare(depths[a], depths[b]))
	})
	if err := p.steps(work); err != nil {
		return err
	}
	if len(p.file.Deferred) > 0 {
		p.edit.Gap(snapshot.Gap{What: inventory.ChangeOf + "a later plan", Why: fmt.Sprintf("%d changes are deferred to a later plan", len(p.file.Deferred))})
	}
	return nil
}

// steps does all removals and then all puts, but for what order says.
func (p *planner) steps(work []*instance) error {
	late, open := p.order(work)
	for _, r := range slices.Backward(work) {
		if err := r.step(r.removes() && !late[r] && !r.stays(), kinds[r.Type].remove); err != nil {
			return err
		}
	}
	for _, r := range work {
		if r.Deposed != "" {
			continue // left over by an earlier apply, and only to be removed
		}
		if err := r.step(r.makes() || r.updates(), kinds[r.Type].put); err != nil {
			return err
		}
	}
	for _, r := range slices.Backward(work) {
		if err := r.step(late[r], kinds[r.Type].remove); err != nil {
			return err
		}
	}
	for i := range open {
		open[i].leave()
	}
	p.edit.Settle()
	return nil
}

// depths tells how deep units hang in each other, as far as the plan says: each
// is made after what it hangs in, and removed before it.
func (p *planner) depths() map[*instance]int {
	const kind = "aws_organizations_organizational_unit"
	parent, byID, out := map[*instance]string{}, map[string]*instance{}, map[*instance]int{}
	for _, r := range p.instances {
		if r.Type != kind || r.Mode != "managed" {
			continue
		}
		if id, ok := r.text("id"); ok {
			byID[id] = r
		}
		parent[r], _ = r.text("parent_id")
	}
	for r := range parent {
		for up := byID[parent[r]]; up != nil && out[r] < len(parent); up = byID[parent[up]] {
			out[r]++
		}
	}
	return out
}

// step runs one half of a change.
func (r *instance) step(wanted bool, do func(*instance)) error {
	if !wanted || do == nil {
		return nil
	}
	if r.place.account == "" {
		return r.noAccount()
	}
	if r.place.region == "" && kinds[r.Type].regional && (r.removes() && str(r.before["arn"]) == "" || !r.removes()) {
		return r.noRegion()
	}
	do(r)
	return nil
}

// gap notes what the plan leaves open about an instance.
func (p *planner) gap(r *instance, why string) {
	p.edit.Gap(snapshot.Gap{Account: r.place.account, Service: service(r.Type), What: r.Address, Why: why})
}

// lost notes a change that is not in the answers, whatever it is about.
func (p *planner) lost(r *instance, why string) {
	p.edit.Gap(snapshot.Gap{Account: r.place.account, Service: service(r.Type), What: inventory.ChangeOf + r.Address, Why: why})
}

// service guesses the service from a type such as aws_s3_bucket.
func service(kind string) string {
	kind = strings.TrimPrefix(kind, "aws_")
	s, _, _ := strings.Cut(kind, "_")
	switch s {
	case "s3control":
		return "s3"
	case "vpc":
		return "ec2"
	}
	return s
}
