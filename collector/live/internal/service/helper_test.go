package service_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/live/internal/awstest"
)

// allow is a policy with one statement, as a text inside of JSON.
func allow(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"` + action + `","Resource":"*"}]}`
}

// quoted is a text as JSON writes it.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// by answers by what the request holds in its body, path or host: the first key of
// pairs that is found decides.
func by(pairs ...any) func(awstest.Request) awstest.Answer {
	return func(r awstest.Request) awstest.Answer {
		text := r.URL.Host + r.URL.String() + r.Body
		for i := 0; i+1 < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i].(string)) {
				continue
			}
			switch a := pairs[i+1].(type) {
			case awstest.Answer:
				return a
			case func(awstest.Request) awstest.Answer:
				return a(r)
			default:
				return awstest.Answer{Body: a.(string)}
			}
		}
		return awstest.Answer{Status: http.StatusTeapot}
	}
}

// read reads a unit and compares what it found with a golden file.
func read(t *testing.T, service, file string, answers awstest.Answers) {
	t.Helper()
	got, err := awstest.Read(t, service, answers)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, file, got)
}

// refused is what the tables of services without anything are: each list is
// answered by an error, which is that of the unit.
func TestListsThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		service string
		answers awstest.Answers
	}{
		{"sns", awstest.Answers{"Action=ListTopics": awstest.XMLError(403, "AuthorizationError")}},
		{"kms", awstest.Answers{"TrentService.ListKeys": awstest.Error(400, "AccessDeniedException")}},
		{"lambda", awstest.Answers{"GET /2015-03-31/functions": awstest.Error(403, "AccessDeniedException")}},
		{"dynamodb", awstest.Answers{"DynamoDB_20120810.ListTables": awstest.Error(400, "AccessDeniedException")}},
		{"secretsmanager", awstest.Answers{"secretsmanager.ListSecrets": awstest.Error(400, "AccessDeniedException")}},
		{"ecr", awstest.Answers{"AmazonEC2ContainerRegistry_V20150921.DescribeRepositories": awstest.Error(400, "AccessDeniedException")}},
		{"ssm", awstest.Answers{"AmazonSSM.DescribeParameters": awstest.Error(400, "AccessDeniedException")}},
		{"s3", awstest.Answers{"GET /": awstest.XMLError(403, "AccessDenied")}},
	}
	for _, tt := range tests {
		t.Run(tt.service, func(t *testing.T) {
			t.Parallel()
			if _, err := awstest.Read(t, tt.service, tt.answers); err == nil {
				t.Error("a list that may not be read is no error")
			}
		})
	}
}

// Nothing there is nothing found and nothing missing.
func TestListsWithoutAnything(t *testing.T) {
	t.Parallel()
	tests := []struct {
		service string
		answers awstest.Answers
	}{
		{"sns", awstest.Answers{"Action=ListTopics": `<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>`}},
		{"kms", awstest.Answers{"TrentService.ListKeys": `{"Keys":[],"Truncated":false}`}},
		{"lambda", awstest.Answers{"GET /2015-03-31/functions": `{"Functions":[]}`, "GET /2018-10-31/layers": `{"Layers":[]}`}},
		{"dynamodb", awstest.Answers{"DynamoDB_20120810.ListTables": `{"TableNames":[]}`}},
		{"secretsmanager", awstest.Answers{"secretsmanager.ListSecrets": `{"SecretList":[]}`}},
		{"ecr", awstest.Answers{
			"AmazonEC2ContainerRegistry_V20150921.DescribeRepositories": `{"repositories":[]}`,
			"AmazonEC2ContainerRegistry_V20150921.GetRegistryPolicy":    awstest.Error(400, "RegistryPolicyNotFoundException"),
		}},
		{"ssm", awstest.Answers{"AmazonSSM.DescribeParameters": `{"Parameters":[]}`}},
	}
	for _, tt := range tests {
		t.Run(tt.service, func(t *testing.T) {
			t.Parallel()
			got, err := awstest.Read(t, tt.service, tt.answers)
			if err != nil {
				t.Fatal(err)
			}
			if want := "{\n  \"Info\": {\n    \"Id\": \"\"\n  }\n}"; got != want {
				t.Errorf("got %s, want nothing", got)
			}
		})
	}
}
