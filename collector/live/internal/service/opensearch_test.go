package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// Seven domains are asked for in two calls. In the first one is closed, so that
// each is asked for by itself; one vanished before, and one in between.
func TestReadDomains(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:es:eu-central-1:111122223333:domain/"
	plain := func(name string) string {
		return `{"DomainName":"` + name + `","ARN":"` + arn + name + `","AccessPolicies":""}`
	}
	got, err := awstest.Read(t, "opensearch", awstest.Answers{
		"GET /2021-01-01/domain": `{"DomainNames":[{"DomainName":"logs","EngineType":"OpenSearch"},{"DomainName":"plain"},{"DomainName":"closed"},` +
			`{"DomainName":"gone"},{"DomainName":"late"},{"DomainName":"six"},{"DomainName":"seven"}]}`,
		"POST /2021-01-01/opensearch/domain-info": func(r awstest.Request) awstest.Answer {
			switch {
			case strings.Contains(r.Body, `"closed"`):
				return awstest.Error(403, denied)
			case strings.Contains(r.Body, `"logs"`):
				return awstest.Answer{Body: `{"DomainStatusList":[{"DomainId":"111122223333/logs","DomainName":"logs","ARN":"` + arn + `logs","Created":true,` +
					`"AccessPolicies":` + grant("Read", "es:ESHttpGet", arn+"logs/*") + `,"VPCOptions":{"VPCId":"vpc-1","SubnetIds":["subnet-1"]},` +
					`"EncryptionAtRestOptions":{"Enabled":true,"KmsKeyId":"1234abcd"},"AdvancedSecurityOptions":{"Enabled":true}}]}`}
			case strings.Contains(r.Body, `"gone"`):
				return awstest.Answer{Body: `{"DomainStatusList":[]}`}
			case strings.Contains(r.Body, `"six"`):
				return awstest.Answer{Body: `{"DomainStatusList":[` + plain("six") + `,` + plain("seven") + `]}`}
			case strings.Contains(r.Body, `"late"`):
				return awstest.Answer{Body: `{"DomainStatusList":[` + plain("late") + `]}`}
			}
			return awstest.Answer{Body: `{"DomainStatusList":[` + plain("plain") + `]}`}
		},
		"GET /2021-01-01/tags/": about(
			"logs", `{"TagList":[{"Key":"env","Value":"prod"}]}`,
			"late", awstest.Error(409, gone),
			"six", awstest.Error(403, denied),
			"", `{"TagList":[]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "opensearch", got)
}

func TestReadNoDomains(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "opensearch", awstest.Answers{"GET /2021-01-01/domain": `{"DomainNames":[]}`})
	if err != nil || strings.Contains(got, "Resources") {
		t.Errorf("got %s, %v; want nothing", got, err)
	}
}
