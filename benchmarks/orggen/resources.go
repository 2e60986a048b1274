package orggen

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// resources makes the things of the account, when the roles that run some of
// them are there.
func (a *account) resources() {
	file := &snapshot.ResourceFile{}
	for _, t := range a.things {
		file.Resources = append(file.Resources, a.resource(t))
	}
	if len(file.Resources) > 0 {
		a.out.Resources = []*snapshot.ResourceFile{file}
	}
}

// closed is a public access block that blocks everything.
var closed = snapshot.PublicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}

func (a *account) resource(t *thing) *snapshot.Resource {
	res := &snapshot.Resource{ARN: t.arn, Type: t.kind, Tags: snapshot.Have(a.tags(t.app, a.team())), Policy: snapshot.None[jsontext.Value]()}
	switch t.kind {
	case bucket:
		a.bucket(t, res)
	case accessPoint:
		res.Name, res.Tags = t.name, snapshot.Fact[snapshot.Tags]{}
		res.AccessPoint = &snapshot.AccessPoint{Bucket: t.bucket, BucketAccountID: a.id, NetworkOrigin: "Internet", PublicAccessBlock: snapshot.Have(closed)}
		res.Policy = snapshot.Have(a.fill(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{account}:root"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"` + t.arn + `/object/*"}`))
	case key:
		a.key(t, res)
	case function:
		a.function(t, res)
	case secret:
		res.Name = t.name
		res.Encryption = &snapshot.Encryption{AWSManaged: true}
		a.grant(t, res, secretGrants)
	case queue:
		a.grant(t, res, queueGrants)
	case topic:
		a.topic(t, res)
	case table:
		a.grant(t, res, tableGrants)
	case repository:
		a.grant(t, res, repositoryGrants)
	}
	return res
}

// A grants is how resources of a kind are opened: to a service, to another
// account, to the organization. {other} is another account.
type grants struct{ service, other, organization string }

const orgCondition = `"Condition":{"StringEquals":{"aws:PrincipalOrgID":"{org}"}}`

var (
	bucketGrants = grants{
		other:        `{"Sid":"Partner","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["{arn}","{arn}/*"]}`,
		organization: `{"Sid":"Organization","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:GetObjectVersion","s3:ListBucket"],"Resource":["{arn}","{arn}/*"],` + orgCondition + `},{"Sid":"Pipeline","Effect":"Allow","Principal":{"AWS":"{pipeline}"},"Action":"s3:PutObject","Resource":"{arn}/*"}`,
	}
	queueGrants = grants{
		service: `{"Sid":"Topics","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"{arn}","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:{region}:{account}:*"}}}`,
		other:   `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":["sqs:GetQueueUrl","sqs:SendMessage"],"Resource":"{arn}"}`,
	}
	tableGrants = grants{
		other: `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"{arn}"}`,
	}
	secretGrants = grants{
		other: `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:role/landing-zone/landing-zone-deploy"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}`,
	}
	repositoryGrants = grants{
		service:      `{"Sid":"Lambda","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:{region}:{account}:function:*"}}}`,
		other:        `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}`,
		organization: `{"Sid":"Organization","Effect":"Allow","Principal":"*","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],` + orgCondition + `}`,
	}
	topicGrants = grants{
		service:      `{"Sid":"Alarms","Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"{arn}","Condition":{"StringEquals":{"aws:SourceAccount":"{account}"}}}`,
		other:        `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":"sns:Subscribe","Resource":"{arn}"}`,
		organization: `{"Sid":"Organization","Effect":"Allow","Principal":"*","Action":["sns:Receive","sns:Subscribe"],"Resource":"{arn}",` + orgCondition + `}`,
	}
	functionGrants = grants{
		service: `{"Sid":"gateway","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"{arn}","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:{region}:{account}:*/*/POST/*"}}}`,
		other:   `{"Sid":"neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":"lambda:InvokeFunction","Resource":"{arn}"}`,
	}
	keyGrants = grants{
		service:      `{"Sid":"ViaService","Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Decrypt","kms:DescribeKey","kms:GenerateDataKey*"],"Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"{account}","kms:ViaService":"s3.{region}.amazonaws.com"}}}`,
		other:        `{"Sid":"Neighbour","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{other}:root"},"Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*"}`,
		organization: `{"Sid":"Organization","Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*",` + orgCondition + `}`,
	}
)

// opened returns the statements that open a thing; "" for most. Those of stacks
// do what the stack does, everywhere the same.
func (a *account) opened(t *thing, g grants) string {
	switch other := ""; {
	case t.shared:
		return g.organization
	case t.stamped:
		return g.service
	case a.chance(a.cfg.Shares.CrossAccount):
		if other = a.other(); other != "" && g.other != "" {
			return strings.ReplaceAll(g.other, "{other}", other)
		}
	case a.chance(0.3):
		return g.service
	}
	return ""
}

// grant gives a thing a policy, if it is opened.
func (a *account) grant(t *thing, res *snapshot.Resource, g grants) {
	if statements := a.opened(t, g); statements != "" {
		res.Policy = snapshot.Have(a.fill(fillIn(statements, t)))
	}
}

// with gives a thing the statements that its kind always has, and those that open it.
func (a *account) with(t *thing, res *snapshot.Resource, always string, g grants) {
	if more := a.opened(t, g); more != "" {
		always += "," + more
	}
	res.Policy = snapshot.Have(a.fill(fillIn(always, t)))
}

// topic gives a topic the policy that SNS makes, and what opens it.
func (a *account) topic(t *thing, res *snapshot.Resource) {
	a.with(t, res, `{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:AddPermission","SNS:DeleteTopic","SNS:GetTopicAttributes","SNS:ListSubscriptionsByTopic","SNS:Publish","SNS:RemovePermission","SNS:SetTopicAttributes","SNS:Subscribe"],"Resource":"{arn}","Condition":{"StringEquals":{"AWS:SourceOwner":"{account}"}}}`, topicGrants)
}

func (a *account) function(t *thing, res *snapshot.Resource) {
	a.grant(t, res, functionGrants)
	res.URLs = snapshot.None[[]snapshot.FunctionURL]()
	own := "arn:aws:iam::" + a.id + ":role/" + t.name + "-role"
	for _, text := range a.runners {
		if text == own {
			res.Roles = []string{own}
			return
		}
	}
	if len(a.runners) > 0 {
		res.Roles = []string{pick(a.random, a.runners)}
	}
}

// key gives a key the policy that the console writes: the account's own
// policies decide, and administrators can't lock themselves out.
func (a *account) key(t *thing, res *snapshot.Resource) {
	a.with(t, res, `{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{account}:root"},"Action":"kms:*","Resource":"*"}`, keyGrants)
	res.Aliases = snapshot.Have([]string{"alias/" + t.name})
	res.Grants = snapshot.None[[]snapshot.KMSGrant]()
	if len(a.out.IAM.RoleDetailList) > 0 && a.chance(0.2) {
		res.Grants = snapshot.Have([]snapshot.KMSGrant{{
			GrantID: a.text(hex, 64), GranteePrincipal: pick(a.random, a.out.IAM.RoleDetailList).ARN,
			Operations: []string{"Decrypt", "GenerateDataKey"},
		}})
	}
}
