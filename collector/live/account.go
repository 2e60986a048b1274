package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// account reads one account and puts its files in place.
func (c *collection) account(ctx context.Context, id string) error {
	if e, ok := c.journal.get(id); ok && e.Gaps == 0 && c.folder.Holds(id) {
		c.finished(id, nil)
		c.tell(Event{Account: id, Name: c.names[id], Ended: true})
		return nil
	}
	login, regions, gap, err := c.enter(ctx, id)
	switch {
	case err != nil:
		return err
	case gap != nil:
		return c.closed(id, *gap)
	}
	units := c.units(login, id, regions)
	if err := c.readUnits(ctx, id, units); err != nil {
		return err
	}
	return c.assemble(id, units)
}

// closed ends an account that could not be entered. Files that an earlier attempt
// put in place stay as they are.
func (c *collection) closed(id string, gap snapshot.Gap) error {
	c.mu.Lock()
	c.gaps[id] = []snapshot.Gap{gap}
	c.mu.Unlock()
	c.tell(Event{Account: id, Name: c.names[id], Ended: true})
	return c.journal.add(entry{Account: id, Gaps: 1})
}

// enter logs in to an account and finds its regions. What AWS refuses is a gap.
func (c *collection) enter(ctx context.Context, id string) (*call.Login, []string, *snapshot.Gap, error) {
	login := c.session.Own()
	var err error
	switch {
	case id == c.session.Account:
	case c.cfg.RoleName == "":
		return nil, nil, &snapshot.Gap{Account: id, What: "everything", Why: "there is no role to enter it with; see --role-name"}, nil
	default:
		if login, err = c.session.Enter(ctx, id, c.cfg.RoleName, c.cfg.ExternalID); err != nil {
			if ctx.Err() != nil {
				return nil, nil, nil, ctx.Err()
			}
			return nil, nil, &snapshot.Gap{Account: id, What: "everything", Why: "the role " + c.cfg.RoleName + " could not be assumed: " + call.Reason(err)}, nil
		}
	}
	regions := sorted(c.cfg.Regions)
	if len(regions) == 0 && c.anyRegional() {
		if regions, err = enabledRegions(ctx, login, c.session.Region); err != nil {
			if ctx.Err() != nil {
				return nil, nil, nil, ctx.Err()
			}
			return nil, nil, &snapshot.Gap{Account: id, Service: "ec2", What: "everything: its regions are unknown", Why: call.Reason(err) + "; see --regions"}, nil
		}
	}
	return login, regions, nil, nil
}

func (c *collection) anyRegional() bool {
	return slices.ContainsFunc(c.services, func(s service.Service) bool { return s.Scope == service.Regional || s.Name == "s3" })
}

// A work is a unit with its key in the journal.
type work struct {
	key  string
	unit *service.Unit
}

// units cuts an account into units: first those that take longest.
func (c *collection) units(login *call.Login, id string, regions []string) []work {
	var list []work
	for i := range c.services {
		s := &c.services[i]
		if s.Scope == service.Global {
			list = append(list, c.work(login, s, id, globalRegion(c.session.Partition), "global", regions))
		}
	}
	for _, region := range regions {
		for i := range c.services {
			if s := &c.services[i]; s.Scope == service.Regional {
				list = append(list, c.work(login, s, id, region, region, regions))
			}
		}
	}
	return list
}

func (c *collection) work(login *call.Login, s *service.Service, id, region, place string, regions []string) work {
	return work{id + "/" + place + "/" + s.Name, &service.Unit{
		Service: s, Account: id, Partition: c.session.Partition, Region: region, Regions: regions, Login: login, Reachable: c.reachable(login),
	}}
}

// readUnits reads the units that are not done yet.
func (c *collection) readUnits(ctx context.Context, id string, units []work) error {
	done := 0
	var mu sync.Mutex
	step := func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		c.tell(Event{Account: id, Name: c.names[id], Done: done, Units: len(units)})
	}
	c.tell(Event{Account: id, Name: c.names[id], Units: len(units)})
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range units {
		if c.journal.finished(w.key) {
			c.count(0, 1)
			step()
			continue
		}
		g.Go(func() error {
			err := c.read(ctx, w.key, w.unit)
			step()
			return err
		})
	}
	return g.Wait()
}

// assemble makes the files of an account from what its units found.
func (c *collection) assemble(id string, units []work) error {
	a := &snapshot.Account{Info: snapshot.AccountInfo{ID: id, Name: c.names[id], Partition: c.session.Partition}}
	files := make(map[string]*snapshot.ResourceFile)
	var gaps []snapshot.Gap
	for _, w := range units {
		p, err := c.journal.part(w.key)
		if err != nil {
			return err
		}
		gaps = append(gaps, p.Gaps...)
		merge(a, p)
		if len(p.Resources) > 0 {
			name := w.unit.Service.Name
			if files[name] == nil {
				files[name] = &snapshot.ResourceFile{Name: name}
				a.Resources = append(a.Resources, files[name])
			}
			files[name].Resources = append(files[name].Resources, p.Resources...)
		}
	}
	resolveAliases(a)
	gaps = foldClosed(gaps, c.services)
	gaps = append(gaps, refused(a)...)
	if err := c.folder.Account(a); err != nil {
		if _, ok := errors.AsType[*snapshot.Problem](err); ok {
			why, _, _ := strings.Cut(err.Error(), "\n")
			return c.closed(id, snapshot.Gap{Account: id, What: "everything", Why: "what AWS answered contradicts itself: " + why})
		}
		return err
	}
	c.finished(id, gaps)
	c.tell(Event{Account: id, Name: c.names[id], Done: len(units), Units: len(units), Ended: true})
	if err := c.journal.add(entry{Account: id, Gaps: len(gaps)}); err != nil || len(gaps) > 0 {
		return err
	}
	return c.journal.dropParts(id)
}

func (c *collection) finished(id string, gaps []snapshot.Gap) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Accounts++
	if len(gaps) > 0 {
		c.gaps[id] = gaps
	}
}

// foldClosed makes one gap of those of a region in which every service refused: an
// organization that forbids a region would have twenty for each account in it.
func foldClosed(gaps []snapshot.Gap, services []service.Service) []snapshot.Gap {
	lists := make(map[string]string) // what is unknown when nothing could be read
	regional := 0
	for _, s := range services {
		if s.Scope == service.Regional {
			lists[s.Name] = s.What
			regional++
		}
	}
	closed := make(map[string]int)
	whole := func(g snapshot.Gap) bool {
		return g.Region != "" && lists[g.Service] == g.What && refusal.MatchString(g.Why)
	}
	for _, g := range gaps {
		if whole(g) {
			closed[g.Region]++
		}
	}
	var out []snapshot.Gap
	told := make(map[string]bool)
	for _, g := range gaps {
		switch {
		case regional < 2 || !whole(g) || closed[g.Region] < regional:
			out = append(out, g)
		case !told[g.Region]:
			told[g.Region] = true
			out = append(out, snapshot.Gap{Account: g.Account, Region: g.Region, What: "everything in the region", Why: "every service refused: " + g.Why})
		}
	}
	return out
}

// refusal is how reasons of calls begin that AWS refused for want of a permission.
var refusal = regexp.MustCompile(`^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException) on `)

// refused takes out resources that no snapshot can hold: without an ARN, or twice.
func refused(a *snapshot.Account) (gaps []snapshot.Gap) {
	seen := make(map[string]bool)
	for _, f := range a.Resources {
		f.Resources = slices.DeleteFunc(f.Resources, func(r *snapshot.Resource) bool {
			_, err := arn.Parse(r.ARN)
			switch {
			case err != nil:
				gaps = append(gaps, snapshot.Gap{Account: a.Info.ID, Service: f.Name, What: fmt.Sprintf("a resource of type %s", r.Type), Why: fmt.Sprintf("AWS answered with %q for its ARN", r.ARN)})
			case seen[r.ARN]:
				gaps = append(gaps, snapshot.Gap{Account: a.Info.ID, Service: f.Name, What: r.ARN, Why: "AWS listed it twice"})
			}
			out := err != nil || seen[r.ARN]
			seen[r.ARN] = true
			return out
		})
	}
	return gaps
}

// merge takes what a unit knows of the account as a whole.
func merge(a *snapshot.Account, p *service.Part) {
	if p.Info.Aliases != nil {
		a.Info.Aliases = p.Info.Aliases
	}
	a.Info.CanonicalUserID = cmp.Or(p.Info.CanonicalUserID, a.Info.CanonicalUserID)
	if !p.Info.S3PublicAccessBlock.IsZero() {
		a.Info.S3PublicAccessBlock = p.Info.S3PublicAccessBlock
	}
	if p.IAM != nil {
		a.IAM = p.IAM
	}
	if p.Providers != nil {
		a.Providers = p.Providers
	}
	switch {
	case p.Center == nil:
	case a.Center == nil:
		a.Center = p.Center
	default:
		for _, in := range p.Center.Instances { // one that is replicated answers in several regions
			if !slices.ContainsFunc(a.Center.Instances, func(have snapshot.CenterInstance) bool { return have.InstanceARN == in.InstanceARN }) {
				a.Center.Instances = append(a.Center.Instances, in)
			}
		}
	}
}

// resolveAliases replaces aliases of keys by the keys, where the account's keys
// were read: a resource says with which alias it is encrypted, and policies are on
// keys.
func resolveAliases(a *snapshot.Account) {
	keys := make(map[string]string) // ARN of the alias → ARN of the key
	for _, f := range a.Resources {
		for _, r := range f.Resources {
			for _, alias := range r.Aliases.Value {
				keys[strings.TrimSuffix(r.ARN, arn.Resource(r.ARN))+alias] = r.ARN
			}
		}
	}
	for _, f := range a.Resources {
		for _, r := range f.Resources {
			if r.Encryption != nil && keys[r.Encryption.KMSKeyID] != "" {
				r.Encryption.KMSKeyID = keys[r.Encryption.KMSKeyID]
			}
		}
	}
}
