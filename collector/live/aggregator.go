package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/go-json-experiment/json"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
)

// The sources of facts.
const (
	SourceDirect     = "direct"            // ask every service in every region
	SourceAggregator = "config-aggregator" // ask AWS Config what is where first
)

// aggregatorOps are what the source config-aggregator takes, in the caller's
// account.
var aggregatorOps = []call.Operation{
	{Service: "Config Service", Name: "DescribeConfigurationAggregators", Actions: []string{"config:DescribeConfigurationAggregators"}, Group: "Config"},
	{Service: "Config Service", Name: "DescribeConfigurationAggregatorSourcesStatus", Actions: []string{"config:DescribeConfigurationAggregatorSourcesStatus"}, Group: "Config"},
	{Service: "Config Service", Name: "SelectAggregateResourceConfig", Actions: []string{"config:SelectAggregateResourceConfig"}, Group: "Config"},
}

// recordedEverywhere are types that AWS Config records in each of its regions
// ("Resource Coverage by Region Availability", AWS Config guide). That a recorder is
// told to record a type proves nothing about others: one may be told so where Config
// doesn't support the type. Those count as recorded where Config has one of them in
// the region, in any account.
var recordedEverywhere = []string{"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::Lambda::Function"}

// A site is an account in a region.
type site struct{ account, region string }

// An aggregator is what an aggregator of AWS Config knows of the organization. It
// is read-only once it is made.
type aggregator struct {
	name   string
	client *configservice.Client

	fresh     map[site]bool              // the aggregator's copy is up to date
	recorders map[site]recorder          // that are running
	counts    map[site]map[string]int    // by type
	seen      map[string]map[string]bool // types that Config has in a region, in any account
}

// A recorder says which types Config records.
type recorder struct {
	all    bool
	only   []string
	except []string

	continuous   bool     // unless it is said otherwise
	often, daily []string // types for which it is
}

// continuous is how often what is believed is recorded: what is recorded daily may be
// of yesterday.
const continuous = "CONTINUOUS"

func (r recorder) records(typ string) bool {
	if slices.Contains(r.daily, typ) || !r.continuous && !slices.Contains(r.often, typ) {
		return false
	}
	if r.all {
		return !slices.Contains(r.except, typ)
	}
	return slices.Contains(r.only, typ)
}

// openAggregator finds the aggregator and asks it what is recorded, and what is
// where.
func openAggregator(ctx context.Context, cfg aws.Config, services []service.Service, name string) (*aggregator, error) {
	a := &aggregator{
		client: configservice.NewFromConfig(cfg), fresh: make(map[site]bool), recorders: make(map[site]recorder),
		counts: make(map[site]map[string]int), seen: make(map[string]map[string]bool),
	}
	for _, read := range []func(context.Context) error{
		func(ctx context.Context) error { return a.find(ctx, name) },
		a.readStatus, a.readRecorders,
		func(ctx context.Context) error { return a.readCounts(ctx, services) },
	} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// find chooses the aggregator.
func (a *aggregator) find(ctx context.Context, name string) error {
	var names []string
	pages := configservice.NewDescribeConfigurationAggregatorsPaginator(a.client, &configservice.DescribeConfigurationAggregatorsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("the aggregators of AWS Config cannot be listed: %s", call.Reason(err))
		}
		for _, one := range page.ConfigurationAggregators {
			names = append(names, aws.ToString(one.ConfigurationAggregatorName))
		}
	}
	switch {
	case name != "" && !slices.Contains(names, name):
		return fmt.Errorf("there is no aggregator %q of AWS Config in this account and region; there are: %s", name, strings.Join(names, ", "))
	case name != "":
		a.name = name
	case len(names) == 1:
		a.name = names[0]
	case len(names) == 0:
		return errors.New("there is no aggregator of AWS Config in this account and region; name another --region, or leave out --source")
	default:
		return fmt.Errorf("there are several aggregators of AWS Config here; choose one with --aggregator: %s", strings.Join(names, ", "))
	}
	return nil
}

// readStatus finds out whose data the aggregator has copied.
func (a *aggregator) readStatus(ctx context.Context) error {
	pages := configservice.NewDescribeConfigurationAggregatorSourcesStatusPaginator(a.client, &configservice.DescribeConfigurationAggregatorSourcesStatusInput{
		ConfigurationAggregatorName: &a.name, UpdateStatus: []types.AggregatedSourceStatusType{types.AggregatedSourceStatusTypeSucceeded},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("the state of the aggregator %s cannot be read: %s", a.name, call.Reason(err))
		}
		for _, s := range page.AggregatedSourceStatusList {
			if s.LastUpdateStatus == types.AggregatedSourceStatusTypeSucceeded {
				a.fresh[site{aws.ToString(s.SourceId), aws.ToString(s.AwsRegion)}] = true
			}
		}
	}
	return nil
}

// query runs a query and hands on each row.
func (a *aggregator) query(ctx context.Context, expression string, row func([]byte) error) error {
	pages := configservice.NewSelectAggregateResourceConfigPaginator(a.client, &configservice.SelectAggregateResourceConfigInput{
		ConfigurationAggregatorName: &a.name, Expression: &expression, MaxResults: 100,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("the aggregator %s cannot be queried: %s", a.name, call.Reason(err))
		}
		for _, text := range page.Results {
			if err := row([]byte(text)); err != nil {
				return fmt.Errorf("an answer of the aggregator %s could not be understood: %w", a.name, err)
			}
		}
	}
	return nil
}

// readRecorders reads what is recorded where: recorders are resources of Config
// themselves.
func (a *aggregator) readRecorders(ctx context.Context) error {
	return a.query(ctx, "SELECT accountId, awsRegion, configuration WHERE resourceType = 'AWS::Config::ConfigurationRecorder'", func(text []byte) error {
		var r struct {
			Account       string `json:"accountId"`
			Region        string `json:"awsRegion"`
			Configuration struct {
				Recording bool
				Group     struct {
					AllSupported  bool
					ResourceTypes []string
					Exclusion     struct{ ResourceTypes []string } `json:"ExclusionByResourceTypes"`
					Strategy      struct{ UseOnly string }         `json:"RecordingStrategy"`
				} `json:"RecordingGroup"`
				Mode struct {
					Frequency string `json:"RecordingFrequency"`
					Overrides []struct {
						Types     []string `json:"ResourceTypes"`
						Frequency string   `json:"RecordingFrequency"`
					} `json:"RecordingModeOverrides"`
				} `json:"RecordingMode"`
			} `json:"configuration"`
		}
		if err := json.Unmarshal(text, &r, json.MatchCaseInsensitiveNames(true)); err != nil {
			return err
		}
		if !r.Configuration.Recording {
			return nil
		}
		g := r.Configuration.Group
		one := recorder{
			all:  g.AllSupported || strings.HasPrefix(g.Strategy.UseOnly, "ALL_") || strings.HasPrefix(g.Strategy.UseOnly, "EXCLUSION_"),
			only: g.ResourceTypes, except: g.Exclusion.ResourceTypes, continuous: r.Configuration.Mode.Frequency == continuous,
		}
		for _, o := range r.Configuration.Mode.Overrides {
			if o.Frequency == continuous {
				one.often = append(one.often, o.Types...)
			} else {
				one.daily = append(one.daily, o.Types...)
			}
		}
		a.recorders[site{r.Account, r.Region}] = one
		return nil
	})
}

// readCounts counts what is where.
func (a *aggregator) readCounts(ctx context.Context, services []service.Service) error {
	var names []string
	for _, s := range services {
		for _, typ := range s.Config {
			names = append(names, "'"+typ+"'")
		}
	}
	if len(names) == 0 {
		return nil
	}
	expression := "SELECT accountId, awsRegion, resourceType, COUNT(*) WHERE resourceType IN (" + strings.Join(names, ", ") +
		") GROUP BY accountId, awsRegion, resourceType"
	return a.query(ctx, expression, func(text []byte) error {
		var r struct {
			Account string `json:"accountId"`
			Region  string `json:"awsRegion"`
			Type    string `json:"resourceType"`
			Count   int    `json:"COUNT(*)"`
		}
		if err := json.Unmarshal(text, &r); err != nil {
			return err
		}
		at := site{r.Account, r.Region}
		if a.counts[at] == nil {
			a.counts[at] = make(map[string]int)
		}
		a.counts[at][r.Type] += r.Count
		if a.seen[r.Region] == nil {
			a.seen[r.Region] = make(map[string]bool)
		}
		a.seen[r.Region][r.Type] = true
		return nil
	})
}

// knows reports whether Config has recorded all that a unit would find, and how
// much that is.
func (a *aggregator) knows(u *service.Unit) (n int, ok bool) {
	if a == nil || u.Service.Scope != service.Regional || len(u.Service.Config) == 0 {
		return 0, false
	}
	at := site{u.Account, u.Region}
	r, running := a.recorders[at]
	if !running || !a.fresh[at] {
		return 0, false
	}
	for _, typ := range u.Service.Config {
		supported := slices.Contains(recordedEverywhere, typ) || a.seen[u.Region][typ]
		if !supported || !r.records(typ) {
			return 0, false
		}
		n += a.counts[at][typ]
	}
	return n, true
}

// items reads what Config recorded for a unit.
func (a *aggregator) items(ctx context.Context, u *service.Unit) ([]service.ConfigItem, error) {
	names := make([]string, len(u.Service.Config))
	for i, typ := range u.Service.Config {
		names[i] = "'" + typ + "'"
	}
	expression := "SELECT arn, resourceId, resourceName, resourceType, configuration, supplementaryConfiguration, tags WHERE accountId = '" + u.Account +
		"' AND awsRegion = '" + u.Region + "' AND resourceType IN (" + strings.Join(names, ", ") + ")"
	var list []service.ConfigItem
	err := a.query(ctx, expression, func(text []byte) error {
		var item service.ConfigItem
		if err := json.Unmarshal(text, &item); err != nil {
			return err
		}
		list = append(list, item)
		return nil
	})
	return list, err
}

// readUnit reads a unit from where it is known. Whatever goes wrong with Config, the
// service is asked.
func (c *collection) readUnit(ctx context.Context, u *service.Unit) error {
	n, known := c.aggregator.knows(u)
	switch {
	case known && n == 0:
		return nil
	case !known || u.Service.FromConfig == nil:
		return u.Service.Read(ctx, u)
	}
	items, err := c.aggregator.items(ctx, u)
	if err != nil || len(items) != n {
		return u.Service.Read(ctx, u)
	}
	return u.Service.FromConfig(ctx, u, items)
}
