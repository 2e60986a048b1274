package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
	"pathfinder/graphmodel/arn"
)

// Config says what is collected and how. Only Out is required.
type Config struct {
	Out      string   // the snapshot folder
	Accounts []string // ids; none for all of the organization, or the caller's own
	// RoleName is the role to assume in every account but the caller's own, with
	// its path if it has one. Without it only the caller's account is read.
	RoleName   string
	ExternalID string
	Regions    []string // none for all that are enabled in each account
	Only, Skip []string // names of services, see [Services]

	Profile string // of the shared AWS configuration
	Region  string // to call first

	MaxConcurrency int  // calls at one time; 0 for 50
	Resume         bool // go on with what is in Out
	Force          bool // replace the snapshot that is in Out
	Compress       bool // write .json.zst

	Source     string // SourceDirect ("" too) or SourceAggregator
	Aggregator string // name; "" when there is one only

	Now      time.Time   // when the facts are read; zero for the clock
	Progress func(Event) // told of what is done; nil for nobody

	// For tests and simulations.
	Client     call.Doer     // sends the requests; nil for the SDK's own
	MaxBackoff time.Duration // between attempts; 0 for 20 s
}

// An Event says how far an account is, or all of them together. Events of several
// accounts mix.
type Event struct {
	Account string // id; "" for the organization, and for all accounts
	Name    string // of the account, "" when unknown; otherwise what it is about
	Done    int
	Units   int
	Ended   bool // nothing more comes of this
}

// A ServiceInfo is a service that can be collected.
type ServiceInfo struct{ Name, Title string }

// Services lists what can be collected.
func Services() []ServiceInfo {
	var list []ServiceInfo
	for _, s := range service.All() {
		list = append(list, ServiceInfo{s.Name, s.Title})
	}
	return list
}

// selected returns the services that are asked for, or an error that names what
// there isn't.
func selected(only, skip []string) ([]service.Service, error) {
	names := service.Names()
	var errs []error
	for _, name := range slices.Concat(only, skip) {
		if !slices.Contains(names, name) {
			errs = append(errs, fmt.Errorf("there is no service %q to collect; there are %s", name, strings.Join(names, ", ")))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var list []service.Service
	for _, s := range service.All() {
		if (len(only) == 0 || slices.Contains(only, s.Name)) && !slices.Contains(skip, s.Name) {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("nothing is left to collect; see --only and --skip")
	}
	return list, nil
}

// operations lists all that the services call.
func operations(services []service.Service) []call.Operation {
	all := slices.Concat(regionOps, aggregatorOps)
	for _, s := range services {
		all = append(all, s.Operations...)
	}
	return all
}

func (c *Config) check() error {
	var errs []error
	if c.Out == "" {
		errs = append(errs, errors.New("where to? give --out DIR"))
	}
	for _, id := range c.Accounts {
		if !arn.IsAccountID(id) {
			errs = append(errs, fmt.Errorf("%q is not an account id of 12 digits", id))
		}
	}
	if c.ExternalID != "" && c.RoleName == "" {
		errs = append(errs, errors.New("an external id is for assuming a role: give --role-name too"))
	}
	if strings.HasPrefix(c.RoleName, "arn:") {
		errs = append(errs, errors.New("--role-name is the name that the role has in every account, not an ARN"))
	}
	if c.MaxConcurrency < 0 {
		errs = append(errs, fmt.Errorf("--max-concurrency %d: give 1 or more", c.MaxConcurrency))
	}
	if !slices.Contains([]string{"", SourceDirect, SourceAggregator}, c.Source) {
		errs = append(errs, fmt.Errorf("there is no source %q; there are %s and %s", c.Source, SourceDirect, SourceAggregator))
	}
	if c.Aggregator != "" && c.Source != SourceAggregator {
		errs = append(errs, errors.New("--aggregator goes with --source "+SourceAggregator))
	}
	if c.Resume && c.Force {
		errs = append(errs, errors.New("--resume goes on with what is there, --force replaces it: give one of them"))
	}
	return errors.Join(errs...)
}
