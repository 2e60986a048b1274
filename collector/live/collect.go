package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
	"pathfinder/collector/snapshot"
)

// A Report says what a collection did.
type Report struct {
	Accounts  int // whose files are in place
	Units     int // that were read now
	Kept      int // units that were done before
	Calls     int // requests sent, repeated ones included
	Throttled int
	Repeated  int
	ByService map[string]int // requests by service of the SDK
	Gaps      []snapshot.Gap // as in the manifest
	Duration  time.Duration
	Complete  bool // there was nothing to resume: nothing was read
}

// ErrInterrupted is what Collect returns when its context ends: what was read is
// kept, and the same configuration with Resume goes on.
var ErrInterrupted = errors.New("interrupted; what was read is kept, and the same command with --resume goes on")

// Collect reads AWS into the folder cfg.Out. The report is there even with an
// error. A call that fails is a gap of the report and no error; errors are about
// the configuration, the credentials, and the folder.
func Collect(ctx context.Context, cfg Config) (*Report, error) {
	began := time.Now()
	report := &Report{}
	if err := cfg.check(); err != nil {
		return report, err
	}
	services, err := selected(cfg.Only, cfg.Skip)
	if err != nil {
		return report, err
	}
	if m, ok := finishedIn(cfg.Out); ok && cfg.Resume {
		report.Complete, report.Gaps = true, m.Gaps
		return report, nil
	}
	session, err := call.Open(ctx, cfg.callOptions(services))
	switch {
	case err != nil && ctx.Err() != nil:
		return report, ErrInterrupted
	case err != nil:
		return report, err
	}
	c := &collection{cfg: cfg, services: services, session: session, report: report}
	err = c.run(ctx)
	stats := session.Stats()
	report.Calls, report.Throttled, report.Repeated, report.ByService = stats.Requests, stats.Throttled, stats.Repeated, stats.ByService
	report.Duration = time.Since(began)
	if err != nil && ctx.Err() != nil {
		return report, ErrInterrupted
	}
	return report, err // nil when ctx ended after the last file was written
}

func (c *Config) callOptions(services []service.Service) call.Options {
	return call.Options{
		Profile: c.Profile, Region: c.Region, Operations: operations(services),
		MaxInFlight: c.MaxConcurrency, Client: c.Client, MaxBackoff: c.MaxBackoff,
	}
}

// A collection is one run of Collect.
type collection struct {
	cfg      Config
	services []service.Service
	session  *call.Session
	folder   *snapshot.Folder
	journal  *journal
	slots    *semaphore.Weighted // units at one time
	names    map[string]string   // of accounts

	aggregator *aggregator // nil: every service is asked

	mu     sync.Mutex
	report *Report                   // under mu
	gaps   map[string][]snapshot.Gap // by account; under mu
}

func (c *collection) run(ctx context.Context) (err error) {
	if err := c.prepare(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.journal.close()) }()
	if err := c.checkRegions(ctx); err != nil {
		return err
	}
	if c.cfg.Source == SourceAggregator {
		if c.aggregator, err = openAggregator(ctx, c.session.Own().In(c.session.Region), c.services, c.cfg.Aggregator); err != nil {
			return err
		}
	}
	org, err := c.organization(ctx)
	if err != nil {
		return err
	}
	accounts, gaps := c.accounts(org)
	if err := c.readAccounts(ctx, accounts); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.finish(org, accounts, gaps)
}

// prepare makes sure that the folder may be filled, and says in it that it isn't
// full yet.
func (c *collection) prepare() error {
	cfg := &c.cfg
	entries, err := os.ReadDir(cfg.Out)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("--out %w", err)
	}
	if len(entries) > 0 && !cfg.Resume && !cfg.Force {
		return fmt.Errorf("--out %s: the folder is not empty; give --resume to go on with a collection, --force to replace the snapshot in it, or name a new folder", cfg.Out)
	}
	if c.folder, err = snapshot.NewFolder(cfg.Out, snapshot.WriteOptions{Compress: cfg.Compress}); err != nil {
		return fmt.Errorf("--out %w", err)
	}
	now := cfg.Now
	if now.IsZero() {
		now = time.Now()
	}
	c.journal, err = openJournal(cfg.Out, cfg.Resume, now.UTC().Truncate(time.Second), options{
		Caller: c.session.Account, Accounts: sorted(cfg.Accounts), RoleName: cfg.RoleName, Regions: sorted(cfg.Regions),
		Only: sorted(cfg.Only), Skip: sorted(cfg.Skip), Compressed: cfg.Compress,
	})
	if err != nil {
		return err
	}
	c.slots = semaphore.NewWeighted(int64(cmp.Or(cfg.MaxConcurrency, defaultConcurrency)))
	c.gaps = make(map[string][]snapshot.Gap)
	err = c.folder.Manifest(startManifest(c.journal.started))
	if err == nil && c.journal.fresh() {
		err = c.folder.Clear() // facts of another time are none of this snapshot's
	}
	if err != nil {
		return errors.Join(err, c.journal.close())
	}
	return nil
}

const defaultConcurrency = 50

// accountsAtOnce bounds the accounts that are in memory.
const accountsAtOnce = 16

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// organizationFolder is where the part of the organization lies, beside those of
// accounts.
const organizationFolder = "organization"

// organization reads the organization, or takes it from before.
func (c *collection) organization(ctx context.Context) (*service.Part, error) {
	for i := range c.services {
		s := &c.services[i]
		if s.Scope != service.Organization {
			continue
		}
		key := organizationFolder + "/global/" + s.Name
		if c.journal.finished(key) {
			c.count(0, 1)
			return c.journal.part(key)
		}
		c.tell(Event{Name: "organization", Units: 1})
		u := &service.Unit{
			Service: s, Account: c.session.Account, Partition: c.session.Partition,
			Region: globalRegion(c.session.Partition), Login: c.session.Own(),
		}
		if err := c.read(ctx, key, u); err != nil {
			return nil, err
		}
		c.tell(Event{Name: "organization", Units: 1, Done: 1, Ended: true})
		return c.journal.part(key)
	}
	return new(service.Part), nil
}

// accounts decides which accounts are read. Those that could be and are not are
// gaps.
func (c *collection) accounts(org *service.Part) (ids []string, gaps []snapshot.Gap) {
	const everything = "everything"
	c.names = make(map[string]string)
	asked := c.cfg.Accounts
	for _, a := range org.Members {
		c.names[a.ID] = a.Name
		switch {
		case len(asked) > 0 && !slices.Contains(asked, a.ID):
			gaps = append(gaps, snapshot.Gap{Account: a.ID, What: everything, Why: "left out by --accounts"})
		case len(asked) > 0:
		case a.Status != "ACTIVE" && a.Status != "":
			gaps = append(gaps, snapshot.Gap{Account: a.ID, What: everything, Why: "the account is " + a.Status})
		case c.cfg.RoleName == "" && a.ID != c.session.Account:
			gaps = append(gaps, snapshot.Gap{Account: a.ID, What: everything, Why: "there is no role to enter it with; see --role-name"})
		default:
			ids = append(ids, a.ID)
		}
	}
	switch {
	case len(asked) > 0:
		ids = slices.Clone(asked)
	case len(ids) == 0:
		ids = []string{c.session.Account}
	}
	slices.Sort(ids)
	return slices.Compact(ids), gaps
}

// readAccounts reads some accounts at a time.
func (c *collection) readAccounts(ctx context.Context, ids []string) error {
	var mu sync.Mutex
	done := 0
	step := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		done += n
		c.tell(Event{Name: "accounts", Done: done, Units: len(ids), Ended: done == len(ids)})
	}
	step(0)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(accountsAtOnce)
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			defer step(1)
			return c.account(ctx, id)
		})
	}
	return g.Wait()
}

// read reads one unit and keeps what it found. Only trouble with the folder and the
// end of ctx are errors.
func (c *collection) read(ctx context.Context, key string, u *service.Unit) error {
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer c.slots.Release(1)
	err := c.readUnit(ctx, u)
	if ctx.Err() != nil {
		return ctx.Err() // what looks like a gap may be one of ours
	}
	if _, bug := errors.AsType[*call.UndeclaredError](err); bug {
		return err
	}
	part := u.Part()
	if err != nil {
		part = c.before(key, part)
	}
	switch {
	case call.IsNoEndpoint(err) && u.Service.Scope == service.Regional && part.Empty() && c.reachable(u.Login)(ctx, u.Region):
		// the service is not offered in the region
	case err != nil:
		gap := snapshot.Gap{Account: u.Account, Service: u.Service.Name, What: u.Service.What, Why: call.Reason(err)}
		if u.Service.Scope == service.Regional {
			gap.Region = u.Region
		}
		if !slices.ContainsFunc(part.Gaps, func(g snapshot.Gap) bool { return g.What == gap.What && g.Region == gap.Region && g.Why == gap.Why }) {
			part.Gaps = append(part.Gaps, gap)
		}
	}
	c.count(1, 0)
	return c.journal.keep(key, part)
}

// before returns what a unit found in a run before, if this one failed as a whole: to
// lose it would leave less known than there was.
func (c *collection) before(key string, now *service.Part) *service.Part {
	old, err := c.journal.part(key)
	if err != nil || old.Empty() || !now.Empty() {
		return now
	}
	return old
}

func (c *collection) count(read, kept int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Units += read
	c.report.Kept += kept
}

func (c *collection) tell(e Event) {
	if c.cfg.Progress != nil {
		c.cfg.Progress(e)
	}
}

// finish writes what concerns all accounts, the manifest last.
func (c *collection) finish(org *service.Part, accounts []string, gaps []snapshot.Gap) error {
	gaps = slices.Concat(gaps, c.leftOut(), org.Gaps)
	for _, list := range c.gaps {
		gaps = append(gaps, list...)
	}
	if err := c.folder.Organization(org.Organization); err != nil {
		return fmt.Errorf("what AWS answered about the organization contradicts itself: %w", err)
	}
	if err := c.folder.KeepOnly(append(c.journal.accounts(), accounts...)); err != nil {
		return err
	}
	m := startManifest(c.journal.started)
	m.Gaps = gaps
	if err := c.folder.Manifest(m); err != nil {
		return err
	}
	c.report.Gaps = gaps
	if c.unread() {
		return nil // --resume may read it another time
	}
	return c.journal.remove()
}

// unread reports whether some call failed.
func (c *collection) unread() bool {
	c.journal.mu.Lock()
	defer c.journal.mu.Unlock()
	for _, e := range c.journal.done {
		if e.Gaps > 0 {
			return true
		}
	}
	return false
}

// leftOut lists what nobody asked for.
func (c *collection) leftOut() []snapshot.Gap {
	var gaps []snapshot.Gap
	for _, s := range service.All() {
		if !slices.ContainsFunc(c.services, func(have service.Service) bool { return have.Name == s.Name }) {
			gaps = append(gaps, snapshot.Gap{Service: s.Name, What: s.What, Why: "left out by --only or --skip"})
		}
	}
	if len(c.cfg.Regions) > 0 {
		gaps = append(gaps, snapshot.Gap{What: "other regions", Why: "left out by --regions"})
	}
	return gaps
}

// globalRegion is where the global services of a partition are.
func globalRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	case "aws-iso":
		return "us-iso-east-1"
	case "aws-iso-b":
		return "us-isob-east-1"
	case "aws-iso-e":
		return "eu-isoe-west-1"
	case "aws-iso-f":
		return "us-isof-south-1"
	case "aws-eusc":
		return "eusc-de-east-1"
	}
	return "us-east-1"
}
