package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One definition with both roles, one with the same role twice, shortly named, one
// without, one that may not be read, one whose family vanished, and one that AWS
// refuses for another reason. Values of the environment do not get through.
func TestReadTaskDefinitions(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:ecs:eu-central-1:111122223333:task-definition/"
	got, err := awstest.Read(t, "ecs", awstest.Answers{
		"AmazonEC2ContainerServiceV20141113.ListTaskDefinitionFamilies": about(
			`"familyPrefix":"gone"`, `{"families":["gone-too"]}`,
			`"familyPrefix":"odd"`, `{"families":["odd"]}`,
			"nextToken", `{"families":["plain","closed","gone","odd"]}`,
			`"status":"ACTIVE"`, `{"families":["web","short"],"nextToken":"2"}`),
		"AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition": about(
			`"web"`, `{"taskDefinition":{"taskDefinitionArn":"`+arn+`web:7","containerDefinitions":[{"name":"c","image":"i","environment":[{"name":"TOKEN","value":"s3cr3t"}],`+
				`"secrets":[{"name":"DB","valueFrom":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"}]}],"family":"web","revision":7,"status":"ACTIVE",`+
				`"taskRoleArn":"arn:aws:iam::111122223333:role/app/web","executionRoleArn":"arn:aws:iam::111122223333:role/ecsTaskExecutionRole"},"tags":[{"key":"env","value":"prod"}]}`,
			`"short"`, `{"taskDefinition":{"taskDefinitionArn":"`+arn+`short:1","taskRoleArn":"both","executionRoleArn":"arn:aws:iam::111122223333:role/both"}}`,
			`"plain"`, `{"taskDefinition":{"taskDefinitionArn":"`+arn+`plain:2"},"tags":[]}`,
			`"closed"`, awstest.Error(400, denied),
			"", awstest.Error(400, "ClientException")),
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "s3cr3t") || strings.Contains(got, "secretsmanager") {
		t.Error("the environment of a container was kept")
	}
	golden(t, "ecs", got)
}
