package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const functionARN = "arn:aws:lambda:eu-central-1:111122223333:function:"

// version is an entry of ListFunctions, with what must not be kept.
func version(name, number, more string) string {
	return `{"FunctionName":"` + name + `","FunctionArn":"` + functionARN + name + ":" + number + `","Version":"` + number + `",` +
		`"Environment":{"Variables":{"PASSWORD":"hunter2"}},"Role":"arn:aws:iam::111122223333:role/` + name + `"` + more + `}`
}

// lambdaAnswers answers for three functions: orders with everything, plain without
// anything, and gone.
func lambdaAnswers() awstest.Answers {
	policy := func(action string) string { return `{"Policy":` + quoted(allow(action)) + `,"RevisionId":"1"}` }
	none := awstest.Error(404, "ResourceNotFoundException")
	answers := awstest.Answers{
		"GET /2015-03-31/functions": by("FunctionVersion=ALL&Marker=2", `{"Functions":[`+version("orders", "3", `,"Role":"arn:aws:iam::111122223333:role/older"`)+`,`+version("plain", "$LATEST", "")+`,`+version("gone", "$LATEST", "")+`]}`,
			"FunctionVersion=ALL", `{"NextMarker":"2","Functions":[`+version("orders", "$LATEST", `,"KMSKeyArn":"arn:aws:kms:eu-central-1:111122223333:key/k"`)+`,`+version("orders", "1", "")+`,`+version("orders", "2", "")+`]}`),
		"GET /2018-10-31/layers":                        by("Marker=2", `{"Layers":[{"LayerName":"gone","LayerArn":"arn:aws:lambda:eu-central-1:111122223333:layer:gone"}]}`, "", `{"Layers":[{"LayerName":"base","LayerArn":"arn:aws:lambda:eu-central-1:111122223333:layer:base"}],"NextMarker":"2"}`),
		"GET /2018-10-31/layers/gone/versions":          none,
		"GET /2018-10-31/layers/base/versions":          by("Marker=2", `{"LayerVersions":[{"LayerVersionArn":"arn:aws:lambda:eu-central-1:111122223333:layer:base:1","Version":1}]}`, "", `{"LayerVersions":[{"LayerVersionArn":"arn:aws:lambda:eu-central-1:111122223333:layer:base:2","Version":2}],"NextMarker":"2"}`),
		"GET /2018-10-31/layers/base/versions/1/policy": none,
		"GET /2018-10-31/layers/base/versions/2/policy": policy("lambda:GetLayerVersion"),
	}
	for _, name := range []string{"orders", "plain", "gone"} {
		path := "GET /2015-03-31/functions/" + functionARN + name
		answers["GET /2017-03-31/tags/"+functionARN+name] = `{"Tags":{}}`
		answers[path+"/aliases"] = `{"Aliases":[]}`
		answers[path+"/policy"] = none
		answers["GET /2021-10-31/functions/"+functionARN+name+"/urls"] = `{"FunctionUrlConfigs":[]}`
	}
	answers["GET /2017-03-31/tags/"+functionARN+"gone"] = none
	path := "GET /2015-03-31/functions/" + functionARN + "orders"
	answers["GET /2017-03-31/tags/"+functionARN+"orders"] = `{"Tags":{"env":"prod"}}`
	answers[path+"/aliases"] = by("Marker=2", `{"Aliases":[{"AliasArn":"`+functionARN+`orders:OLD","Name":"OLD","FunctionVersion":"1"}]}`,
		"", `{"NextMarker":"2","Aliases":[{"AliasArn":"`+functionARN+`orders:PROD","Name":"PROD","FunctionVersion":"2","RoutingConfig":{"AdditionalVersionWeights":{"3":0.1}}}]}`)
	answers[path+"/policy"] = by("Qualifier=PROD", policy("lambda:InvokeFunctionUrl"), "Qualifier=OLD", none,
		"Qualifier=1", none, "Qualifier=2", policy("lambda:InvokeFunction"), "Qualifier=3", none, "", policy("lambda:GetFunction"))
	answers["GET /2021-10-31/functions/"+functionARN+"orders/urls"] = by("Marker=2", `{"FunctionUrlConfigs":[{"FunctionArn":"`+functionARN+`orders","AuthType":"AWS_IAM","FunctionUrl":"https://x.lambda-url.eu-central-1.on.aws/"}]}`,
		"", `{"NextMarker":"2","FunctionUrlConfigs":[{"FunctionArn":"`+functionARN+`orders:PROD","AuthType":"NONE","FunctionUrl":"https://y.lambda-url.eu-central-1.on.aws/"}]}`)
	return answers
}

// Each of function, version and alias has its own policy; a version without one is
// kept if it runs as another role.
func TestReadFunctions(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "lambda", lambdaAnswers())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "hunter2") || strings.Contains(got, "PASSWORD") {
		t.Error("environment variables are kept")
	}
	golden(t, "lambda", got)
}

// What may not be read is not there; versions and aliases whose policy is unknown
// are kept for that.
func TestReadFunctionsDenied(t *testing.T) {
	t.Parallel()
	answers := lambdaAnswers()
	denied := awstest.Error(403, "AccessDeniedException")
	path := "GET /2015-03-31/functions/" + functionARN + "orders"
	answers[path+"/policy"], answers["GET /2017-03-31/tags/"+functionARN+"orders"] = denied, denied
	answers["GET /2021-10-31/functions/"+functionARN+"orders/urls"] = denied
	answers["GET /2015-03-31/functions/"+functionARN+"plain/aliases"] = denied
	answers["GET /2018-10-31/layers/base/versions/2/policy"] = denied
	answers["GET /2018-10-31/layers/gone/versions"] = denied
	read(t, "lambda", "lambda_denied", answers)
}

// Functions are read without the layers.
func TestReadLayersDenied(t *testing.T) {
	t.Parallel()
	read(t, "lambda", "lambda_no_layers", awstest.Answers{
		"GET /2015-03-31/functions": `{"Functions":[]}`, "GET /2018-10-31/layers": awstest.Error(403, "AccessDeniedException"),
	})
}
