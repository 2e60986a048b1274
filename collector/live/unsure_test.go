package live_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/snapshot"
)

// nameless answers like the server behind it, but no name exists that begins so.
type nameless struct {
	*awstest.Server
	prefixes []string
}

func (n nameless) Do(r *http.Request) (*http.Response, error) {
	for _, p := range n.prefixes {
		if strings.HasPrefix(r.URL.Host, p) {
			return nil, &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true}
		}
	}
	return n.Server.Do(r)
}

const regions = `<DescribeRegionsResponse><regionInfo><item><regionName>eu-central-1</regionName></item></regionInfo></DescribeRegionsResponse>`

func collectQueues(t *testing.T, out string, cfg live.Config) (*live.Report, error) {
	t.Helper()
	cfg.Out, cfg.Only, cfg.Region, cfg.MaxBackoff = out, []string{"sqs"}, awstest.Region, time.Millisecond
	return live.Collect(t.Context(), cfg)
}

// A name that doesn't exist says that a service is not offered only where others
// exist: a resolver that is out of order knows none.
func TestNoSuchName(t *testing.T) {
	t.Parallel()
	answers := awstest.Answers{"Action=DescribeRegions": regions}
	tests := []struct {
		name     string
		regions  []string
		prefixes []string
		gaps     int
	}{
		{"the service's", nil, []string{"sqs."}, 0},
		{"all", []string{"eu-central-1"}, []string{"sqs.", "ec2."}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			report, err := collectQueues(t, t.TempDir(), live.Config{Regions: tt.regions, Client: nameless{awstest.New(t, answers), tt.prefixes}})
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(report.Gaps, func(g snapshot.Gap) bool { return g.Service != "sqs" })
			if len(got) != tt.gaps {
				t.Errorf("gaps %v, want %d", got, tt.gaps)
			}
		})
	}
}

func TestNoSuchRegion(t *testing.T) {
	t.Parallel()
	_, err := collectQueues(t, t.TempDir(), live.Config{Regions: []string{"eu-wst-1"}, Client: awstest.New(t, awstest.Answers{"Action=DescribeRegions": regions})})
	if err == nil || !strings.Contains(err.Error(), `there is no region "eu-wst-1"`) {
		t.Errorf("got %v", err)
	}
}

// What a run read stays when the next one is refused the list.
func TestResumeKeepsWhatWasRead(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "snapshot")
	answers := awstest.Answers{
		"Action=DescribeRegions":       regions,
		"AmazonSQS.ListQueues":         `{"QueueUrls":["` + queueURL + `jobs"]}`,
		"AmazonSQS.GetQueueAttributes": `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:jobs"}}`,
		"AmazonSQS.ListQueueTags":      awstest.Error(400, "AccessDenied"),
	}
	if _, err := collectQueues(t, out, live.Config{Client: awstest.New(t, answers)}); err != nil {
		t.Fatal(err)
	}
	answers["AmazonSQS.ListQueues"] = awstest.Error(400, "AccessDenied")
	for range 2 {
		report, err := collectQueues(t, out, live.Config{Resume: true, Client: awstest.New(t, answers)})
		if err != nil {
			t.Fatal(err)
		}
		s, err := snapshot.Read(os.DirFS(out))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Accounts[0].Resources) != 1 || len(s.Accounts[0].Resources[0].Resources) != 1 {
			t.Fatal("the queue of the first run is gone")
		}
		var whats []string
		for _, g := range report.Gaps {
			if g.Service == "sqs" {
				whats = append(whats, g.What)
			}
		}
		slices.Sort(whats)
		if want := []string{"arn:aws:sqs:eu-central-1:111122223333:jobs tags", "queues"}; !slices.Equal(whats, want) {
			t.Errorf("gaps %q, want %q", whats, want)
		}
	}
}

// With --force nothing of the snapshot before is among the facts, also when the
// account can no longer be read.
func TestForceForgets(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	old := &snapshot.Snapshot{
		Manifest:     snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version},
		Organization: &snapshot.Organization{Organization: snapshot.OrganizationInfo{ID: "o-old1234567"}},
		Accounts: []*snapshot.Account{{Info: snapshot.AccountInfo{ID: "444455556666"}, Resources: []*snapshot.ResourceFile{{
			Resources: []*snapshot.Resource{{ARN: "arn:aws:sqs:eu-central-1:444455556666:old", Type: "AWS::SQS::Queue"}},
		}}}},
	}
	if err := snapshot.Write(out, old, snapshot.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err := collectQueues(t, out, live.Config{
		Force: true, Accounts: []string{"444455556666"}, RoleName: "gone",
		Client: awstest.New(t, awstest.Answers{"Action=DescribeRegions": regions, "Action=AssumeRole": awstest.XMLError(403, "AccessDenied")}),
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Accounts) != 0 || s.Organization != nil {
		t.Errorf("%d accounts and organization %v are left of the snapshot before", len(s.Accounts), s.Organization)
	}
}

// A finished snapshot has nothing to resume, and says what it lacks.
func TestResumeFinished(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	s := &snapshot.Snapshot{Manifest: snapshot.Manifest{
		Format: snapshot.Format, Version: snapshot.Version,
		Gaps: []snapshot.Gap{{Account: "444455556666", What: "everything", Why: "there is no role to enter it with"}},
	}}
	if err := snapshot.Write(out, s, snapshot.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	report, err := collectQueues(t, out, live.Config{Resume: true, Client: awstest.New(t, nil)})
	if err != nil || !report.Complete || len(report.Gaps) != 1 {
		t.Errorf("got %+v, %v; want the one gap", report, err)
	}
}
