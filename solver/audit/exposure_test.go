package audit_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

func (w *world) function(auth string, statements ...string) *inventory.Resource {
	r := w.resource(w.prod, "AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+prodID+":function:fn", statements...)
	r.URLs, r.HasURLs = []inventory.FunctionURL{{Function: r.ARN, Auth: auth}}, inventory.Have
	return r
}

func (w *world) shared(typ string, with ...string) *inventory.Resource {
	name := "arn:aws:rds:eu-west-1:" + prodID + ":snapshot:s"
	if typ == "AWS::EC2::Snapshot" {
		name = "arn:aws:ec2:eu-west-1::snapshot/snap-1"
	}
	r := w.resource(w.prod, typ, name)
	r.SharedWith, r.HasShares = with, inventory.Have
	return r
}

// source is a queue that a service writes to for whom a condition names.
func (w *world) source(key, value string) {
	operator := "StringLike"
	if key == "aws:SourceOrgPaths" { // it has several values
		operator = "ForAnyValue:StringLike"
	}
	w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", `{"`+operator+`":{"`+key+`":"`+value+`"}}`))
}

// network is a queue for everybody whose address is one of some.
func (w *world) network(operator, ranges string) {
	w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"`+operator+`":{"aws:SourceIp":["`+ranges+`"]}}`))
}

// perimeter keeps all but the organization and one account from queues and roles.
func (w *world) perimeter() {
	w.inv.Organization.RCPs = true
	w.root.RCPs = append(w.root.RCPs, named("perimeter", document(policy.RCP, `{"Effect":"Deny","Principal":"*","Action":["sqs:*","sts:*"],"Resource":"*","Condition":{
		"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1","aws:PrincipalAccount":"`+outsideID+`"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`)))
}

// during is a queue for everybody at some time.
func (w *world) during(operator, day string) {
	w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"`+operator+`":{"aws:CurrentTime":"`+day+`"}}`))
}

// accessPoint is one for everybody, of a bucket that leaves access to it.
func (w *world) accessPoint(vpc string) {
	w.bucket(granting(`"*"`, "s3:*", "arn:aws:s3:::data/*", `{"StringEquals":{"s3:DataAccessPointAccount":"`+prodID+`"}}`))
	name := "arn:aws:s3:eu-west-1:" + prodID + ":accesspoint/ap"
	r := w.resource(w.prod, "AWS::S3::AccessPoint", name, granting(`"*"`, "s3:GetObject", name+"/object/*", ""))
	r.AccessPoint = &inventory.AccessPoint{Bucket: "data", BucketAccount: prodID, VPC: vpc, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
}

// blocked is a public bucket that the public access block shuts.
func (w *world) blocked(more ...string) {
	r := w.bucket(append(more, granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", ""))...)
	r.S3.PublicAccessBlock = inventory.PublicAccessBlock{Known: inventory.Have, RestrictPublicBuckets: true}
}

// domain is a search domain whose policy lets in everybody.
func (w *world) domain() *inventory.Resource {
	name := "arn:aws:es:eu-west-1:" + prodID + ":domain/d"
	return w.resource(w.prod, "AWS::OpenSearchService::Domain", name, granting(`"*"`, "es:ESHttp*", name+"/*", ""))
}

// overTLS keeps who comes without TLS out.
const overTLS = `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`

// A kindTest is a world with or without a finding of a kind.
type kindTest struct {
	kind, name string
	setup      func(*world)
	want       string // how certain it is; "" for none
	severity   audit.Severity
}

// lookForEach looks for the finding of each test.
func lookForEach(t *testing.T, tests []kindTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.kind+"/"+tt.name, func(t *testing.T) {
			w := newWorld()
			tt.setup(w)
			list := of(w.run(t, nil), tt.kind)
			if tt.want == "" {
				if len(list) > 0 {
					t.Errorf("there is one: %s: %s", list[0].Title, list[0].Detail)
				}
				return
			}
			if len(list) == 0 {
				t.Fatal("there is none")
			}
			f := list[0]
			if f.Certain != tt.want || f.Severity != tt.severity {
				t.Errorf("%s, %s, because %s; want %s, %s: %s", f.Certain, f.Severity, f.Reason, tt.want, tt.severity, f.Title)
			}
			if f.ID == "" || f.Title == "" || f.Detail == "" || f.Reason == "" || f.Remedy.Text == "" {
				t.Errorf("something is left out: %+v", f)
			}
			met := strings.Contains(tt.name, "as callers") && f.Certain == audit.Certain // a condition that whoever calls meets (E216)
			if open := len(f.Condition) > 0 || len(f.If) > 0; open != (f.Certain == audit.Possible || met) {
				t.Errorf("%s, with condition %v and if %v", f.Certain, f.Condition, f.If)
			}
		})
	}
}

// forID opens a bucket for everybody who has one of some unique ids, intoID a role.
func forID(ids ...string) func(*world) {
	return func(w *world) {
		w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringLike":{"aws:userid":["`+strings.Join(ids, `","`)+`"]}}`))
	}
}

func intoID(id string) func(*world) {
	return func(w *world) {
		w.role(w.prod, "shared", trusting(`{"AWS":"*"}`, `{"StringEquals":{"aws:userid":"`+id+`"}}`))
	}
}

// TestExposure shows for kinds of findings about what resources let in what makes one,
// and what does not.
func TestExposure(t *testing.T) {
	lookForEach(t, []kindTest{
		{"public-access", "a function behind an open URL (E202)", func(w *world) {
			w.function("NONE", granting(`"*"`, "lambda:InvokeFunctionUrl", "*", `{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}`),
				granting(`"*"`, "lambda:InvokeFunction", "*", `{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}`))
		}, certain, audit.Critical},
		{"public-access", "a function behind a signed URL, for whom no organization is known (E202)", func(w *world) {
			w.function("AWS_IAM", granting(`"*"`, "lambda:*", "*", `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`))
		}, none, 0},
		{"public-access", "a function for the organization, or whoever is in none (E216)", func(w *world) {
			w.function("AWS_IAM", granting(`"*"`, "lambda:*", "*", `{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}`))
		}, certain, audit.Critical},
		{"public-access", "a layer for the organization (E201)", func(w *world) {
			w.resource(w.prod, "AWS::Lambda::LayerVersion", "arn:aws:lambda:eu-west-1:"+prodID+":layer:l:1",
				granting(`"*"`, "lambda:GetLayerVersion", "*", `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`))
		}, none, 0},
		{"public-access", "a database snapshot that is shared with all (E132)", func(w *world) { w.shared("AWS::RDS::DBSnapshot", "all") }, certain, audit.High},
		{"public-access", "a volume snapshot: a setting may block it (E132)", func(w *world) { w.shared("AWS::EC2::Snapshot", "all") }, possible, audit.Medium},
		{"public-access", "one that is shared with an account", func(w *world) { w.shared("AWS::RDS::DBSnapshot", outsideID) }, none, 0},
		{"external-access", "a snapshot that is shared with an account (E132)", func(w *world) { w.shared("AWS::EC2::Snapshot", outsideID) }, certain, audit.Medium},
		{"external-access", "an encrypted one, of whose key nothing is known", func(w *world) {
			w.shared("AWS::EC2::Snapshot", outsideID).EncryptionKey = "arn:aws:kms:eu-west-1:" + prodID + ":key/1"
		}, possible, audit.Medium},
		{"external-access", "a snapshot that is shared with the organization's account", func(w *world) { w.shared("AWS::EC2::Snapshot", devID) }, none, 0},
		{"public-access", "a search domain, whose calls are on what is in it (E212)", func(w *world) {
			w.resource(w.prod, "AWS::OpenSearchService::Domain", "arn:aws:es:eu-west-1:"+prodID+":domain/d", granting(`"*"`, "es:ESHttp*", "arn:aws:es:eu-west-1:"+prodID+":domain/d/*", ""))
		}, certain, audit.Critical},
		{"public-access", "an API, whose calls are on its methods (E207)", func(w *world) {
			w.resource(w.prod, "AWS::ApiGateway::RestApi", "arn:aws:execute-api:eu-west-1:"+prodID+":abc", granting(`"*"`, "execute-api:Invoke", "arn:aws:execute-api:eu-west-1:"+prodID+":abc/*", ""))
		}, certain, audit.Critical},
		{"confused-deputy", "for all accounts, by a pattern (E123)", func(w *world) { w.source("aws:SourceArn", "arn:aws:cloudtrail:*:*:trail/*") }, possible, audit.Medium},
		{"confused-deputy", "for one account, by a pattern", func(w *world) { w.source("aws:SourceArn", "arn:aws:cloudtrail:*:"+prodID+":trail/*") }, none, 0},
		{"confused-deputy", "for all buckets (E123)", func(w *world) { w.source("aws:SourceArn", "arn:aws:s3:::*") }, possible, audit.Medium},
		{"confused-deputy", "for buckets of a name that anybody may take (E123)", func(w *world) { w.source("aws:SourceArn", "arn:aws:s3:::logs-*") }, possible, audit.Medium},
		{"confused-deputy", "for the organization", func(w *world) { w.source("aws:SourceOrgID", "o-1") }, none, 0},
		{"confused-deputy", "for all of its paths", func(w *world) { w.source("aws:SourceOrgPaths", "o-1/*") }, none, 0},
		{"confused-deputy", "for paths of any organization", func(w *world) { w.source("aws:SourceOrgPaths", "*/ou-1/*") }, possible, audit.Medium},
		{"confused-deputy", "a trail of any account uses a key (E123)", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"Service":"cloudtrail.amazonaws.com"}`, "kms:GenerateDataKey", "*",
				`{"StringLike":{"kms:EncryptionContext:aws:cloudtrail:arn":"arn:aws:cloudtrail:*:*:trail/*"}}`))
		}, possible, audit.Medium},
		{"confused-deputy", "everybody, by source: services alone have one (E124)", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}`))
		}, possible, audit.Medium},
		{"confused-deputy", "everybody that is a service (E124)", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"Bool":{"aws:PrincipalIsAWSService":"true"}}`))
		}, possible, audit.Medium},
		{"confused-deputy", "everybody, for one topic (E124)", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:`+prodID+`:t"}}`))
		}, none, 0},
		{"confused-deputy", "a resource control policy asks for the organization (E117)", func(w *world) {
			w.inv.Organization.RCPs = true
			w.prod.RCPs = append(w.prod.RCPs, named("deputies", document(policy.RCP, `{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{
				"StringNotEqualsIfExists":{"aws:SourceOrgID":"o-1"},"Null":{"aws:SourceAccount":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}}`)))
			w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", ""))
		}, none, 0},
		{"external-access", "a service for an account outside (E123)", func(w *world) { w.source("aws:SourceAccount", outsideID) }, possible, audit.Medium},
		{"external-access", "for its topic (E123)", func(w *world) { w.source("aws:SourceArn", "arn:aws:sns:eu-west-1:"+outsideID+":t") }, possible, audit.Medium},
		{"external-access", "a service for an account of the organization", func(w *world) { w.source("aws:SourceAccount", devID) }, none, 0},
		{"external-access", "the account by which load balancers write their logs", func(w *world) {
			w.bucket(granting(`{"AWS":"arn:aws:iam::127311923021:root"}`, "s3:PutObject", "arn:aws:s3:::data/AWSLogs/*", ""))
		}, certain, audit.Low},
		{"external-access", "the same, for more than logs need", func(w *world) {
			w.bucket(granting(`{"AWS":"arn:aws:iam::127311923021:root"}`, "s3:*Object", "arn:aws:s3:::data/*", ""))
		}, certain, audit.Critical},
		{"public-access", "for another organization, as a pattern without wildcards", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"StringLike":{"aws:PrincipalOrgID":"o-2"}}`))
		}, none, 0},
		{"external-access", "another organization, as a pattern without wildcards", func(w *world) {
			w.queue(granting(`"*"`, "sqs:ReceiveMessage", "*", `{"StringLike":{"aws:PrincipalOrgID":["o-1","o-2"]}}`))
		}, certain, audit.Medium},
		{"public-access", "for any organization", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`))
		}, possible, audit.High},
		{"external-access", "one of everybody that a resource control policy spares (E117)", func(w *world) {
			w.perimeter()
			w.queue(granting(`"*"`, "sqs:ReceiveMessage", "*", ""))
		}, certain, audit.Medium},
		{"public-access", "but for one account a resource control policy keeps everybody out (E117)", func(w *world) {
			w.perimeter()
			w.queue(granting(`"*"`, "sqs:ReceiveMessage", "*", ""))
		}, none, 0},
		{"external-access", "a role for everybody, of whom a resource control policy spares one (E117)", func(w *world) {
			w.perimeter()
			w.role(w.prod, "open", trusting(`{"AWS":"*"}`, ""))
		}, certain, audit.Medium},
		{"public-access", "what no resource control policy is about (E117)", func(w *world) {
			w.perimeter()
			w.resource(w.prod, "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:"+prodID+":t", granting(`"*"`, "sns:Publish", "*", ""))
		}, certain, audit.Critical},
		{"external-access", "nor is one of everybody told apart there", func(w *world) {
			w.perimeter()
			w.resource(w.prod, "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:"+prodID+":t", granting(`"*"`, "sns:Publish", "*", ""))
		}, none, 0},
		{"external-access", "a service for another organization (E123)", func(w *world) { w.source("aws:SourceOrgID", "o-2") }, possible, audit.Medium},
		{"external-access", "for a path of another organization (E123)", func(w *world) { w.source("aws:SourceOrgPaths", "o-2/r-1/*") }, possible, audit.Medium},
		{"external-access", "a service for the organization", func(w *world) { w.source("aws:SourceOrgID", "o-1") }, none, 0},
		{"external-access", "for an account of it, by its path", func(w *world) {
			w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", `{"StringEquals":{"aws:SourceOrgID":"o-2","aws:SourceAccount":"`+devID+`"}}`))
		}, none, 0},
		{"confused-deputy", "Alexa, for any skill (E201)", func(w *world) {
			w.function("", granting(`{"Service":"alexa-appkit.amazon.com"}`, "lambda:InvokeFunction", "*", ""))
		}, possible, audit.Medium},
		{"confused-deputy", "Alexa, for one skill by its token (E201)", func(w *world) {
			w.function("", granting(`{"Service":"alexa-appkit.amazon.com"}`, "lambda:InvokeFunction", "*", `{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.1"}}`))
		}, none, 0},
		{"public-access", "from any address, as callers have them", func(w *world) { w.network("IpAddress", "0.0.0.0/0") }, certain, audit.Critical},
		{"public-access", "from either half of the internet, as callers are", func(w *world) { w.network("IpAddress", `0.0.0.0/1","128.0.0.0/1`) }, certain, audit.Critical},
		{"public-access", "from everywhere but one network, as callers are", func(w *world) { w.network("NotIpAddress", "192.0.2.0/24") }, certain, audit.Critical},
		{"public-access", "until a day that has passed", func(w *world) { w.during("DateLessThan", "2026-10-31T00:00:00Z") }, none, 0},
		{"public-access", "until a day to come", func(w *world) { w.during("DateLessThan", "2027-01-01T00:00:00Z") }, possible, audit.High},
		{"public-access", "from a day on that has passed", func(w *world) { w.during("DateGreaterThanEquals", "2026-10-31T00:00:00Z") }, certain, audit.Critical},
		{"public-access", "from a day on that is to come", func(w *world) { w.during("DateGreaterThan", "2027-01-01T00:00:00Z") }, possible, audit.High},
		{"external-access", "a role, until a day that has passed", func(w *world) {
			w.role(w.prod, "once", trusting(`{"AWS":"`+outsideID+`"}`, `{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}`))
		}, none, 0},
		{"external-access", "a role, in a window that has passed", func(w *world) {
			w.role(w.prod, "once", trusting(`{"AWS":"`+outsideID+`"}`, `{"NumericGreaterThan":{"aws:EpochTime":"1700000000"},"NumericLessThan":{"aws:EpochTime":"1710000000"}}`))
		}, none, 0},
		{"external-access", "a role, from a day on that has passed", func(w *world) {
			w.role(w.prod, "once", trusting(`{"AWS":"`+outsideID+`"}`, `{"NumericGreaterThan":{"aws:EpochTime":"1700000000"}}`))
		}, certain, audit.Medium},
		{"admin-role-without-mfa", "until a day that has passed", func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "admin", trusting(`{"AWS":"`+prodID+`"}`, `{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}`), allowAll)
		}, none, 0},
		{"wildcard-data-access", "until a day that has passed", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}}`)
		}, none, 0},
		{"public-access", "over a connection that is new enough, as callers choose (E218)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", ""), `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}}`)
		}, certain, audit.High},
		{"external-access", "a role under a name for the session, as callers choose (E218)", func(w *world) {
			w.role(w.prod, "named", trusting(`{"AWS":"`+outsideID+`"}`, `{"StringLike":{"sts:RoleSessionName":"x-*"}}`))
		}, certain, audit.Medium},
		{"external-access", "a role under the name of a user (E74)", func(w *world) {
			w.role(w.prod, "named", trusting(`{"AWS":"`+outsideID+`"}`, `{"StringLike":{"sts:RoleSessionName":"${aws:username}"}}`))
		}, possible, audit.Medium},
		{"public-access", "for a role of some name, as callers take it (E78)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}}`))
		}, certain, audit.High},
		{"public-access", "for a name and a tag, as callers have them from their account", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalTag/team":"x","aws:username":"bob"}}`))
		}, certain, audit.High},
		{"public-access", "for roles that services alone have the sessions of", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/aws-service-role/*"}}`))
		}, possible, audit.Medium},
		{"public-access", "for accounts whose ids begin alike, of which nobody chooses one", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::7777*:role/ci"}}`))
		}, possible, audit.Medium},
		{"public-access", "for MFA, as callers have it from their account", func(w *world) {
			w.role(w.prod, "shared", trusting(`{"AWS":"*"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}`))
		}, certain, audit.Critical},
		{"public-access", "for users, as callers are as they like (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalType":["Account","User"]}}`))
		}, certain, audit.High},
		{"public-access", "for all but roles and whoever is not signed in, as callers are as they like (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringNotLike":{"aws:PrincipalType":["Anon*","Assumed*"]}}`))
		}, certain, audit.High},
		{"public-access", "for a kind of caller that there is not (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalType":"Robot"}}`))
		}, possible, audit.Medium},
		{"public-access", "under a source identity, as callers choose", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringLike":{"aws:SourceIdentity":"*"}}`))
		}, certain, audit.High},
		{"public-access", "for the id of somebody, who is one (E172)", forID("AROAQWERTYUIOPASDFGHJ:*"), none, 0},
		{"external-access", "for the id of somebody, if there is one", forID("AROAQWERTYUIOPASDFGHJ:*"), possible, audit.Low},
		{"external-access", "for the id of somebody and the number of an account here", forID("AIDAQWERTYUIOPASDFGHJ", prodID), possible, audit.Low},
		{"public-access", "for the ids of all roles", forID("AROA*"), possible, audit.Medium},
		{"public-access", "for the id of somebody, or of any user", forID("AROAQWERTYUIOPASDFGHJ:*", "AIDA*"), possible, audit.Medium},
		{"external-access", "for the number of an account here alone", forID(prodID), none, 0},
		{"external-access", "for the number of another one, which its root user has for an id (E80)", forID(outsideID), possible, audit.Medium},
		{"external-access", "a role for the id of somebody, if there is one", intoID("AIDAQWERTYUIOPASDFGHJ"), possible, audit.Low},
		{"public-access", "a role for the id of somebody, who is one", intoID("AIDAQWERTYUIOPASDFGHJ"), none, 0},
		{"external-access", "for a role of the account, as callers there make it", func(w *world) {
			w.role(w.prod, "shared", trusting(`{"AWS":"`+outsideID+`"}`, `{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::`+outsideID+`:role/ci"}}`))
		}, certain, audit.Medium},
		{"sensitive-reach", "over TLS alone, as callers choose (E218)", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""), overTLS).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
		}, certain, audit.Medium},
		{"sensitive-reach", "over TLS, from a network", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", `{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), overTLS).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
		}, possible, audit.Medium},
		{"key-beyond-account", "over TLS alone, as callers choose (E218)", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""), overTLS)
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "over TLS alone, as callers choose (E218)", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "in the regions that a control policy leaves, as callers choose", func(w *world) {
			w.root.SCPs = append(w.root.SCPs, named("eu", document(policy.SCP, `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}}`)))
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "if its session is tagged so, which it does not choose", func(w *world) {
			w.role(w.prod, "app", `{"Effect":"Allow","Principal":{"AWS":"`+prodID+`"},"Action":["sts:AssumeRole","sts:TagSession"]}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"x"}}}`)
		}, possible, audit.Medium},
		{"public-access", "a search domain", func(w *world) { w.domain() }, certain, audit.Critical},
		{"public-access", "a search domain in a network, if one gets there", func(w *world) { w.domain().VPC = "vpc-1" }, possible, audit.High},
		{"public-access", "a search domain with users of its own", func(w *world) { w.domain().FineGrained = true }, possible, audit.High},
		{"public-access", "in an account that is suspended, if it is opened again", func(w *world) {
			w.prod.State = "SUSPENDED"
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", ""))
		}, possible, audit.High},
		{"public-access", "in an account that is about to be closed", func(w *world) {
			w.prod.State = "PENDING_CLOSURE"
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", ""))
		}, certain, audit.Critical},
		{"cross-account-into-production", "from an account that is closed, if it is opened again", func(w *world) {
			w.dev.State = "CLOSED"
			w.user(w.dev, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "deploy", trusting(`{"AWS":"`+devID+`"}`, ""))
		}, possible, audit.Low},
		{"key-beyond-account", "by an account that is closed, if it is opened again", func(w *world) {
			w.dev.State = "CLOSED"
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		}, possible, audit.Low},
		{"public-access", "from one network in eight bits", func(w *world) { w.network("IpAddress", "18.0.0.0/8") }, possible, audit.High},
		{"external-access", "a member whose users and roles were not read (E236)", func(w *world) {
			w.dev.IAM = false
			w.queue(granting(`{"AWS":"`+devID+`"}`, "sqs:ReceiveMessage", "*", ""))
			w.role(w.prod, "r", trusting(`{"AWS":"arn:aws:iam::`+devID+`:role/x"}`, ""))
		}, none, 0},
		{"third-party-without-external-id", "a member whose users and roles were not read (E236)", func(w *world) {
			w.dev.IAM = false
			w.role(w.prod, "r", trusting(`{"AWS":"`+devID+`"}`, ""))
		}, none, 0},
		{"external-access", "an identity of CloudFront is no account (E19)", func(w *world) {
			w.bucket(granting(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""))
		}, none, 0},
		{"confused-deputy", "nor a service for anybody", func(w *world) {
			w.bucket(granting(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""))
		}, none, 0},
		{"public-access", "over an encrypted connection, as callers choose (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"Bool":{"aws:SecureTransport":"true"}}`))
		}, certain, audit.High},
		{"public-access", "from a page, as callers say (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringLike":{"aws:Referer":"https://example.com/*"}}`))
		}, certain, audit.High},
		{"public-access", "as callers choose, and from some network", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`))
		}, possible, audit.Medium},
		{"public-access", "for a member whose users and roles were not read (E236)", func(w *world) {
			w.dev.IAM = false
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalAccount":"`+devID+`"}}`))
		}, none, 0},
		{"public-access", "for a member and an account outside", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalAccount":["`+devID+`","`+outsideID+`"]}}`))
		}, none, 0},
		{"external-access", "for another organization (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalOrgID":"o-2"}}`))
		}, certain, audit.Medium},
		{"public-access", "for another organization (E216)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalOrgID":"o-2"}}`))
		}, none, 0},
		{"external-access", "for both, from a network", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalOrgID":["o-1","o-2"]},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`))
		}, possible, audit.Medium},
		{"external-access", "for the organization", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`))
		}, none, 0},
		{"public-access", "for any organization", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`))
		}, possible, audit.Medium},
		{"external-access", "a role for units of another organization", func(w *world) {
			w.role(w.prod, "shared", trusting(`{"AWS":"*"}`, `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-2/r-1/*"}}`))
		}, certain, audit.Medium},
		{"public-access", "a role for units of another organization", func(w *world) {
			w.role(w.prod, "shared", trusting(`{"AWS":"*"}`, `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-2/r-1/*"}}`))
		}, none, 0},
		{"external-access", "a canonical user id of nobody (E19)", func(w *world) {
			w.bucket(granting(`{"CanonicalUser":"`+strings.Repeat("ab", 32)+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""))
		}, certain, audit.Medium},
		{"external-access", "for a member and an account outside", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringEquals":{"aws:PrincipalAccount":["`+devID+`","`+outsideID+`"]}}`))
		}, certain, audit.Medium},
		{"public-access", "a key for its own account (E198)", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`"*"`, "kms:Decrypt", "*", `{"StringEquals":{"kms:CallerAccount":"`+prodID+`"}}`))
		}, none, 0},
		{"public-access", "an access point of a network (E175)", func(w *world) { w.accessPoint("vpc-1") }, none, 0},
		{"public-access", "an access point of the internet (E175)", func(w *world) { w.accessPoint("") }, certain, audit.High},
		{"bucket-block-only", "resource control policies that say nothing of it (E116)", func(w *world) { w.inv.Organization.RCPs = true; w.blocked() }, certain, audit.Medium},
		{"bucket-block-only", "a Deny keeps everybody out as well (E83)", func(w *world) {
			w.blocked(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data/*"}`)
		}, none, 0},
		{"bucket-block-only", "a Deny of something else", func(w *world) {
			w.blocked(`{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*"}`)
		}, certain, audit.Medium},
		{"bucket-block-only", "a Deny under a condition", func(w *world) {
			w.blocked(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data/*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`)
		}, possible, audit.Medium},
	})
}

// One statement allows, several allow.
func TestStatementsOfWildcards(t *testing.T) {
	t.Parallel()
	const objects, items = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}`
	for _, tt := range []struct {
		statements []string
		want       string
	}{
		{[]string{objects}, "Statement 0 of arn:aws:iam::" + prodID + ":user/app/own allows it on every resource; "},
		{[]string{objects, items}, "Statements 0, 1 of arn:aws:iam::" + prodID + ":user/app/own allow it on every resource; "},
	} {
		w := newWorld()
		w.user(w.prod, "app", tt.statements...)
		list := of(w.run(t, nil), "wildcard-data-access")
		if len(list) != 1 || !strings.HasPrefix(list[0].Detail, tt.want) {
			t.Errorf("%+v, want %q", list, tt.want)
		}
	}
}
