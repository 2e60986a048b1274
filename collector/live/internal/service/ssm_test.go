package service_test

import (
	"net/http"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A parameter with two policies, one that cannot have any, one that may not be
// read, one with policies that make no single document, and two that vanished.
func TestReadParameters(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:ssm:eu-central-1:111122223333:parameter/"
	policy := func(id, text string) string {
		return `{"PolicyId":"` + id + `","PolicyHash":"x","Policy":` + quoted(text) + `}`
	}
	read(t, "ssm", "ssm", awstest.Answers{
		"AmazonSSM.DescribeParameters": by(`"NextToken":"2"`, `{"Parameters":[
				{"ARN":"`+arn+`closed","Name":"closed","Type":"SecureString","KeyId":"alias/aws/ssm","Tier":"Advanced"},
				{"ARN":"`+arn+`gone","Name":"gone","Type":"String","Tier":"Advanced"},
				{"ARN":"`+arn+`going","Name":"going","Type":"String","Tier":"Standard"},
				{"ARN":"`+arn+`mixed","Name":"mixed","Type":"String","Tier":"Advanced"},
				{"ARN":"`+arn+`alone","Name":"alone","Type":"String","Tier":"Intelligent-Tiering"}]}`,
			`"Shared":false`, `{"NextToken":"2","Parameters":[
				{"ARN":"`+arn+`orders/db","Name":"/orders/db","Type":"SecureString","KeyId":"alias/orders","Tier":"Advanced","LastModifiedUser":"x"},
				{"Name":"plain","Type":"StringList","Tier":"Standard"}]}`),
		"AmazonSSM.GetResourcePolicies": by(
			`"NextToken":"2"`, `{"Policies":[`+policy("a", allow("ssm:GetParameters"))+`]}`,
			"orders", `{"Policies":[`+policy("b", allow("ssm:GetParameter"))+`],"NextToken":"2"}`,
			"closed", awstest.Error(400, "AccessDeniedException"),
			// The code may come in either field, with a name space or an address.
			"gone", awstest.Answer{Status: 400, Body: `{"__type":"com.amazonaws.ssm#ResourceNotFoundException","message":"hidden"}`},
			"mixed", `{"Policies":[`+policy("a", allow("ssm:GetParameter"))+`,`+policy("b", `{"Statement":[]}`)+`]}`,
			"alone", `{"Policies":[]}`),
		"AmazonSSM.ListTagsForResource": by(
			"orders", `{"TagList":[{"Key":"env","Value":"prod"}]}`,
			"going", awstest.Answer{Status: 400, Body: `{"code":"InvalidResourceId:http://internal.amazon.com/coral/"}`},
			"closed", awstest.Error(400, "AccessDeniedException"), "", `{"TagList":[]}`),
	})
}

// What is no JSON is not understood, throttling is waited for, and what a proxy says
// is a status.
func TestReadParametersOddly(t *testing.T) {
	t.Parallel()
	tries := 0
	read(t, "ssm", "ssm_odd", awstest.Answers{
		"AmazonSSM.DescribeParameters": func(awstest.Request) awstest.Answer {
			if tries++; tries < 3 {
				return awstest.Error(http.StatusBadRequest, "ThrottlingException")
			}
			return awstest.Answer{Body: `{"Parameters":[{"ARN":"arn:aws:ssm:eu-central-1:111122223333:parameter/p","Name":"p","Type":"String","Tier":"Advanced"}]}`}
		},
		"AmazonSSM.GetResourcePolicies": `<html>`,
		"AmazonSSM.ListTagsForResource": awstest.Answer{Status: http.StatusForbidden, Body: `<html>no way</html>`},
	})
}
