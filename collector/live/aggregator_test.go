package live_test

import (
	"context"
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

const queueURL = "https://sqs.eu-central-1.amazonaws.com/111122223333/"

// configAnswers answer as AWS Config does of an account with two regions: in
// eu-central-1 everything is recorded, in eu-west-1 the recorder stands still.
func configAnswers() awstest.Answers {
	const target = "StarlingDoveService."
	return awstest.Answers{
		"Action=DescribeRegions": `<DescribeRegionsResponse><regionInfo><item><regionName>eu-central-1</regionName></item>` +
			`<item><regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>`,
		target + "DescribeConfigurationAggregators": `{"ConfigurationAggregators":[{"ConfigurationAggregatorName":"all"}]}`,
		target + "DescribeConfigurationAggregatorSourcesStatus": `{"AggregatedSourceStatusList":[` +
			`{"SourceId":"111122223333","AwsRegion":"eu-central-1","LastUpdateStatus":"SUCCEEDED"},` +
			`{"SourceId":"111122223333","AwsRegion":"eu-west-1","LastUpdateStatus":"SUCCEEDED"}]}`,
		target + "SelectAggregateResourceConfig": func(r awstest.Request) awstest.Answer {
			rows := []string{
				`{"accountId":"111122223333","awsRegion":"eu-central-1","configuration":{"Recording":true,"RecordingGroup":{"AllSupported":true}}}`,
				`{"accountId":"111122223333","awsRegion":"eu-west-1","configuration":{"Recording":false,"RecordingGroup":{"AllSupported":true}}}`,
			}
			switch {
			case strings.Contains(r.Body, "COUNT(*)"):
				rows = []string{`{"accountId":"111122223333","awsRegion":"eu-central-1","resourceType":"AWS::SQS::Queue","COUNT(*)":2}`}
			case strings.Contains(r.Body, "supplementaryConfiguration"):
				rows = []string{
					`{"arn":"arn:aws:sqs:eu-central-1:111122223333:jobs","resourceType":"AWS::SQS::Queue","tags":[{"key":"env","tag":"env=prod","value":"prod"}],` +
						`"configuration":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:jobs","QueueUrl":"` + queueURL + `jobs","Policy":"{\"Statement\":[]}","VisibilityTimeout":30}}`,
					`{"arn":"arn:aws:sqs:eu-central-1:111122223333:plain","resourceType":"AWS::SQS::Queue","tags":[],` +
						`"configuration":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:plain","QueueUrl":"` + queueURL + `plain"}}`,
				}
			}
			quoted := make([]string, len(rows))
			for i, row := range rows {
				quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(row) + `"`
			}
			return awstest.Answer{Body: `{"Results":[` + strings.Join(quoted, ",") + `]}`}
		},
		"AmazonSQS.ListQueues":    `{}`,
		"AmazonSQS.ListQueueTags": `{}`,
		"AmazonSQS.GetQueueAttributes": func(r awstest.Request) awstest.Answer {
			if !strings.Contains(r.Body, "plain") {
				t := `{"Attributes":{}}`
				return awstest.Answer{Status: 500, Body: t}
			}
			return awstest.Answer{Body: `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:plain"}}`}
		},
	}
}

// What AWS Config recorded is not asked for again; what it lacks is, and so is every
// region in which it doesn't record.
func TestAggregator(t *testing.T) {
	t.Parallel()
	server := awstest.New(t, configAnswers())
	out := filepath.Join(t.TempDir(), "snapshot")
	report, err := live.Collect(context.Background(), live.Config{
		Out: out, Only: []string{"sqs"}, Source: live.SourceAggregator, Client: server, Region: awstest.Region, MaxBackoff: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(server.Seen, "AmazonSQS.ListQueues"); n != 1 {
		t.Errorf("queues were listed %d times, want once, in the region without a recorder", n)
	}
	if n := count(server.Seen, "AmazonSQS.GetQueueAttributes"); n != 1 {
		t.Errorf("%d queues were asked for, want the one whose policy Config does not hold", n)
	}
	if slices.ContainsFunc(report.Gaps, func(g snapshot.Gap) bool { return g.Service == "sqs" }) {
		t.Errorf("gaps %v, want none", report.Gaps)
	}
	s, err := snapshot.Read(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.Accounts[0].Resources[0].Resources {
		got = append(got, r.Name+r.ARN+" "+string(r.Policy.Value)+" "+string(r.Tags.Value))
	}
	want := []string{
		"arn:aws:sqs:eu-central-1:111122223333:jobs {\n          \"Statement\": []\n        }",
		"arn:aws:sqs:eu-central-1:111122223333:plain",
	}
	for i := range want {
		if i >= len(got) || !strings.HasPrefix(strings.Join(strings.Fields(got[i]), ""), strings.Join(strings.Fields(want[i]), "")) {
			t.Errorf("got %q, want it to begin with %q", got, want)
		}
	}
}

// An aggregator that can't be used is an error: who asks for it wants to know.
func TestAggregatorMissing(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, list, choose, want string }{
		{"none", `[]`, "", "there is no aggregator"},
		{"several", `[{"ConfigurationAggregatorName":"a"},{"ConfigurationAggregatorName":"b"}]`, "", "choose one with --aggregator: a, b"},
		{"another", `[{"ConfigurationAggregatorName":"a"}]`, "x", `there is no aggregator "x"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := awstest.New(t, awstest.Answers{"StarlingDoveService.DescribeConfigurationAggregators": `{"ConfigurationAggregators":` + tt.list + `}`})
			_, err := live.Collect(context.Background(), live.Config{
				Out: t.TempDir(), Only: []string{"sqs"}, Source: live.SourceAggregator, Aggregator: tt.choose, Client: server, MaxBackoff: time.Millisecond,
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}
