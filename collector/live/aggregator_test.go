package live_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
				`{"accountId":"111122223333","awsRegion":"eu-central-1","configuration":{"Recording":true,"RecordingMode":{"RecordingFrequency":"CONTINUOUS"},"RecordingGroup":{"AllSupported":true}}}`,
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

// Topics and keys come from Config with their policies; grants and aliases of keys
// from KMS, and everything of a key that AWS manages, which Config doesn't hold.
func TestAggregatorTopicsAndKeys(t *testing.T) {
	t.Parallel()
	const (
		topic = "arn:aws:sns:eu-central-1:111122223333:news"
		key   = "arn:aws:kms:eu-central-1:111122223333:key/1"
		other = "arn:aws:kms:eu-central-1:111122223333:key/2"
	)
	answers := configAnswers()
	const query = "StarlingDoveService.SelectAggregateResourceConfig"
	fallback := answers[query].(func(awstest.Request) awstest.Answer)
	answers[query] = func(r awstest.Request) awstest.Answer {
		var rows []string
		switch {
		case strings.Contains(r.Body, "COUNT(*)"):
			for _, typ := range []string{"AWS::SNS::Topic", "AWS::KMS::Key"} {
				rows = append(rows, `{"accountId":"111122223333","awsRegion":"eu-central-1","resourceType":"`+typ+`","COUNT(*)":1}`)
			}
		case strings.Contains(r.Body, "'AWS::SNS::Topic'"):
			rows = []string{`{"arn":"` + topic + `","resourceType":"AWS::SNS::Topic","tags":[],"configuration":{"TopicArn":"` + topic + `","Policy":"{\"Id\":\"news\"}"}}`}
		case strings.Contains(r.Body, "'AWS::KMS::Key'"):
			rows = []string{`{"arn":"` + key + `","resourceType":"AWS::KMS::Key","tags":[{"key":"a","value":"b"}],` +
				`"configuration":{"keyManager":"CUSTOMER","keyState":"Disabled"},"supplementaryConfiguration":{"Policy":"{\"Id\":\"one\"}"}}`}
		default:
			return fallback(r)
		}
		quoted := make([]string, len(rows))
		for i, row := range rows {
			quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(row) + `"`
		}
		return awstest.Answer{Body: `{"Results":[` + strings.Join(quoted, ",") + `]}`}
	}
	ofRegion := func(text string) func(awstest.Request) awstest.Answer {
		return func(r awstest.Request) awstest.Answer {
			if strings.Contains(r.Host+r.URL.Host, "eu-west-1") {
				return awstest.Answer{Body: `{"Keys":[]}`}
			}
			return awstest.Answer{Body: text}
		}
	}
	answers["TrentService.ListKeys"] = ofRegion(`{"Keys":[{"KeyId":"1","KeyArn":"` + key + `"},{"KeyId":"2","KeyArn":"` + other + `"}]}`)
	answers["TrentService.ListAliases"] = `{"Aliases":[{"AliasName":"alias/one","TargetKeyId":"1"}]}`
	answers["TrentService.ListGrants"] = `{"Grants":[{"GrantId":"g","GranteePrincipal":"arn:aws:iam::111122223333:user/u","Operations":["Decrypt"]}]}`
	answers["TrentService.DescribeKey"] = `{"KeyMetadata":{"KeyId":"2","KeyManager":"AWS","KeyState":"Enabled"}}`
	answers["TrentService.GetKeyPolicy"] = `{"Policy":"{\"Id\":\"two\"}"}`
	answers["TrentService.ListResourceTags"] = `{"Tags":[]}`
	answers["Action=ListTopics"] = `<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>`
	server := awstest.New(t, answers)
	out := filepath.Join(t.TempDir(), "snapshot")
	if _, err := live.Collect(context.Background(), live.Config{
		Out: out, Only: []string{"sns", "kms"}, Source: live.SourceAggregator, Client: server, Region: awstest.Region, MaxBackoff: time.Millisecond,
	}); err != nil {
		t.Fatal(err)
	}
	for call, want := range map[string]int{
		"Action=ListTopics": 1, "Action=GetTopicAttributes": 0, // in the region without a recorder
		"TrentService.ListKeys": 2, "TrentService.ListGrants": 2, "TrentService.GetKeyPolicy": 1, "TrentService.DescribeKey": 1,
	} {
		if n := count(server.Seen, call); n != want {
			t.Errorf("%s was called %d times, want %d", call, n, want)
		}
	}
	s, err := snapshot.Read(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, f := range s.Accounts[0].Resources {
		for _, r := range f.Resources {
			got[r.ARN] = strings.Join(strings.Fields(string(r.Policy.Value)+string(r.Extra)), "") + strings.Join(r.Aliases.Value, ",")
		}
	}
	want := map[string]string{
		topic: `{"Id":"news"}`, key: `{"Id":"one"}{"KeyState":"Disabled"}alias/one`, other: `{"Id":"two"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
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

// What is recorded once a day may be of yesterday.
func TestAggregatorDaily(t *testing.T) {
	t.Parallel()
	answers := configAnswers()
	const query = "StarlingDoveService.SelectAggregateResourceConfig"
	continuous := answers[query].(func(awstest.Request) awstest.Answer)
	answers[query] = func(r awstest.Request) awstest.Answer {
		a := continuous(r)
		a.Body = strings.ReplaceAll(a.Body, "CONTINUOUS", "DAILY")
		return a
	}
	server := awstest.New(t, answers)
	if _, err := live.Collect(t.Context(), live.Config{
		Out: t.TempDir(), Only: []string{"sqs"}, Source: live.SourceAggregator, Client: server, Region: awstest.Region, MaxBackoff: time.Millisecond,
	}); err != nil {
		t.Fatal(err)
	}
	if n := count(server.Seen, "AmazonSQS.ListQueues"); n != 2 {
		t.Errorf("queues were listed %d times, want in both regions", n)
	}
}
