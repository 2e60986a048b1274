package mototest

import (
	"encoding/base64"
	"net/http"
)

// emptyZip is the end of central directory of an archive without files.
const emptyZip = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="

// seedCompute makes functions, instances and endpoints, with secrets where people
// put them.
func seedCompute(s seeder, own string) {
	s.rest("lambda", http.MethodPost, "/2015-03-31/functions", `{"FunctionName":"checkout","Runtime":"python3.12","Role":"arn:aws:iam::`+own+`:role/app","Handler":"a.b",`+
		`"Code":{"ZipFile":"`+emptyZip+`"},"Environment":{"Variables":{"PASSWORD":"`+Telltale+`-environment"}},"Tags":{"team":"shop"}}`)
	s.rest("lambda", http.MethodPost, "/2015-03-31/functions/checkout/policy", `{"StatementId":"call","Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com","SourceArn":"arn:aws:s3:::shop-orders"}`)
	s.rest("lambda", http.MethodPost, "/2021-10-31/functions/checkout/url", `{"AuthType":"AWS_IAM"}`)
	vpc := field(s.tb, s.query("ec2", "CreateVpc", "CidrBlock", "10.0.0.0/16"), "vpcId")
	s.query("ec2", "CreateVpcEndpoint", "VpcId", vpc, "ServiceName", "com.amazonaws."+s.region+".s3", "PolicyDocument", allow(`"*"`, "s3:GetObject", "*"))
	s.query("ec2", "RunInstances", "ImageId", "ami-12c6146b", "MinCount", "1", "MaxCount", "1", "IamInstanceProfile.Name", "app",
		"UserData", base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\n# "+Telltale+"-user-data\n")))
	s.json("ecs", "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition", `{"family":"worker","taskRoleArn":"arn:aws:iam::`+own+`:role/app",`+
		`"containerDefinitions":[{"name":"worker","image":"worker","memory":128,"environment":[{"name":"TOKEN","value":"`+Telltale+`-container"}]}]}`)
}

// seedOthers makes one of each of the other things that have policies.
func seedOthers(s seeder, own string) {
	anybody := func(action string) string { return allow(`{"AWS":"*"}`, action, "") }
	s.json("ecr", "AmazonEC2ContainerRegistry_V20150921.CreateRepository", `{"repositoryName":"shop"}`)
	s.json("ecr", "AmazonEC2ContainerRegistry_V20150921.SetRepositoryPolicy", `{"repositoryName":"shop","policyText":`+quoted(anybody("ecr:BatchGetImage"))+`}`)
	fs := field(s.tb, s.rest("elasticfilesystem", http.MethodPost, "/2015-02-01/file-systems", `{"CreationToken":"shop","Encrypted":true}`), "FileSystemId")
	s.rest("elasticfilesystem", http.MethodPut, "/2015-02-01/file-systems/"+fs+"/policy", `{"Policy":`+quoted(anybody("elasticfilesystem:ClientMount"))+`}`)
	s.rest("es", http.MethodPost, "/2021-01-01/opensearch/domain", `{"DomainName":"search","AccessPolicies":`+quoted(allow(`{"AWS":"arn:aws:iam::`+own+`:root"}`, "es:*", "*"))+`}`)
	s.rest("apigateway", http.MethodPost, "/restapis", `{"name":"shop","policy":`+quoted(allow(`"*"`, "execute-api:Invoke", "execute-api:/*"))+`}`)
	s.json("logs", "Logs_20140328.PutResourcePolicy", `{"policyName":"dns","policyDocument":`+quoted(allow(`{"Service":"route53.amazonaws.com"}`, "logs:PutLogEvents", "*"))+`}`)
	s.json("logs", "Logs_20140328.CreateLogGroup", `{"logGroupName":"/shop"}`)
	s.json("events", "AWSEvents.CreateEventBus", `{"Name":"shop"}`)
	s.json("events", "AWSEvents.PutPermission", `{"EventBusName":"shop","Action":"events:PutEvents","Principal":"`+Management+`","StatementId":"in"}`)
	s.json("glue", "AWSGlue.PutResourcePolicy", `{"PolicyInJson":`+quoted(allow(`{"AWS":"`+Management+`"}`, "glue:GetTable", "arn:aws:glue:"+s.region+":"+own+":*"))+`}`)
}
