package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const ec2Head = ` xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>`

const (
	instanceOne = `<DescribeInstancesResponse` + ec2Head + `<reservationSet><item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId><instancesSet>` +
		`<item><instanceId>i-web</instanceId><instanceState><code>16</code><name>running</name></instanceState>` +
		`<iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/web</arn><id>AIPAEXAMPLE</id></iamInstanceProfile>` +
		`<tagSet><item><key>Name</key><value>web</value></item></tagSet></item>` +
		`<item><instanceId>i-done</instanceId><instanceState><code>48</code><name>terminated</name></instanceState></item>` +
		`</instancesSet></item></reservationSet><nextToken>2</nextToken></DescribeInstancesResponse>`
	instanceTwo = `<DescribeInstancesResponse` + ec2Head + `<reservationSet><item><ownerId>111122223333</ownerId><instancesSet>` +
		`<item><instanceId>i-plain</instanceId><instanceState><name>stopped</name></instanceState></item></instancesSet></item>` +
		`<item><ownerId>444455556666</ownerId><instancesSet><item><instanceId>i-theirs</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`
	endpointOne = `<DescribeVpcEndpointsResponse` + ec2Head + `<vpcEndpointSet><item><vpcEndpointId>vpce-s3</vpcEndpointId><vpcEndpointType>Gateway</vpcEndpointType>` +
		`<vpcId>vpc-1</vpcId><serviceName>com.amazonaws.eu-central-1.s3</serviceName><state>available</state><ownerId>111122223333</ownerId>` +
		`<policyDocument>{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}</policyDocument>` +
		`<tagSet><item><key>env</key><value>prod</value></item></tagSet></item></vpcEndpointSet><nextToken>2</nextToken></DescribeVpcEndpointsResponse>`
	endpointTwo = `<DescribeVpcEndpointsResponse` + ec2Head + `<vpcEndpointSet><item><vpcEndpointId>vpce-lb</vpcEndpointId><vpcEndpointType>GatewayLoadBalancer</vpcEndpointType>` +
		`<vpcId>vpc-1</vpcId><serviceName>com.amazonaws.vpce.eu-central-1.vpce-svc-1</serviceName><state>available</state><ownerId>111122223333</ownerId></item>` +
		`<item><vpcEndpointId>vpce-theirs</vpcEndpointId><ownerId>444455556666</ownerId></item>` +
		`<item><vpcEndpointId>vpce-gone</vpcEndpointId><state>deleted</state><ownerId>111122223333</ownerId></item></vpcEndpointSet></DescribeVpcEndpointsResponse>`
)

func ec2Error(code string) awstest.Answer {
	return awstest.Answer{Status: 400, Body: `<Response><Errors><Error><Code>` + code + `</Code><Message>hidden</Message></Error></Errors><RequestID>r</RequestID></Response>`}
}

// Instances with and without a profile and endpoints with and without a policy;
// what is of others, terminated or deleted is left out.
func TestReadEC2(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "ec2", awstest.Answers{
		"Action=DescribeInstances":    about("NextToken", instanceTwo, "IncludeManagedResources=true", instanceOne),
		"Action=DescribeVpcEndpoints": about("NextToken", endpointTwo, "", endpointOne),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ec2", got)
}

// An EC2 that knows no managed instances is asked without them; endpoints that may
// not be read are noted.
func TestReadEC2Denied(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "ec2", awstest.Answers{
		"Action=DescribeInstances":    about("IncludeManagedResources", ec2Error("UnknownParameter"), "NextToken", instanceTwo, "", instanceOne),
		"Action=DescribeVpcEndpoints": ec2Error("UnauthorizedOperation"),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ec2-denied", got)
}

func TestReadNoEC2(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "ec2", awstest.Answers{
		"Action=DescribeInstances":    `<DescribeInstancesResponse` + ec2Head + `<reservationSet/></DescribeInstancesResponse>`,
		"Action=DescribeVpcEndpoints": `<DescribeVpcEndpointsResponse` + ec2Head + `<vpcEndpointSet/></DescribeVpcEndpointsResponse>`,
	})
	if err != nil || strings.Contains(got, "Resources") || strings.Contains(got, "Gaps") {
		t.Errorf("got %s, %v; want nothing", got, err)
	}
}

func TestReadEC2Closed(t *testing.T) {
	t.Parallel()
	closed := ec2Error("UnauthorizedOperation")
	if _, err := awstest.Read(t, "ec2", awstest.Answers{"Action=DescribeInstances": closed, "Action=DescribeVpcEndpoints": closed}); err == nil {
		t.Error("two lists that may not be read are no error")
	}
}
