package audit_test

import (
	"strings"
	"testing"

	"pathfinder/solver/audit"
)

// The name of a bucket tells no account: it fixes whom a service acts for as far as the
// bucket is known, and with the account beside it (E123).
func TestBucketsAsSources(t *testing.T) {
	t.Parallel()
	queue := func(condition string) func(*world) {
		return func(w *world) {
			w.bucket()
			w.queue(granting(`{"Service":"s3.amazonaws.com"}`, "sqs:SendMessage", "*", condition))
		}
	}
	from := func(bucket, account string) func(*world) {
		condition := `{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::` + bucket + `"}`
		if account != "" {
			condition += `,"StringEquals":{"aws:SourceAccount":"` + account + `"}`
		}
		return queue(condition + `}`)
	}
	lookForEach(t, []kindTest{
		{"confused-deputy", "a bucket of the snapshot", from("data", ""), none, 0},
		{"confused-deputy", "a bucket of the snapshot, as the guides write it", queue(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:data"}}`), none, 0},
		{"confused-deputy", "a bucket that is not there, as the guides write it", queue(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:gone"}}`), possible, audit.Medium},
		{"confused-deputy", "buckets by a pattern, as the guides write it", queue(`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:da*"}}`), possible, audit.Medium},
		{"confused-deputy", "a bucket that is not there", from("gone", ""), possible, audit.Medium},
		{"confused-deputy", "one that is there and one that is not", queue(`{"ArnEquals":{"aws:SourceArn":["arn:aws:s3:::data","arn:aws:s3:::gone"]}}`), possible, audit.Medium},
		{"confused-deputy", "a bucket that is not there, of an account", from("gone", prodID), none, 0},
		{"external-access", "a bucket that is not there, of an account", from("gone", prodID), none, 0},
		{"external-access", "a bucket of an account outside", from("gone", outsideID), possible, audit.Medium},
		{"external-access", "a bucket that is not there", from("gone", ""), none, 0},
	})
	for bucket, want := range map[string]string{"gone": "for whoever has s3 gone", "*": "for anybody"} {
		w := newWorld()
		from(bucket, "")(w)
		if f := of(w.run(t, nil), "confused-deputy"); len(f) != 1 || !strings.HasSuffix(f[0].Title, want) || bucket == "gone" != strings.Contains(f[0].If[0], "arn:aws:s3:::gone") {
			t.Errorf("%s: %+v", bucket, f)
		}
	}
}

// The policy that topics are made with names the account by an older key (E200).
func TestTopicsAsMade(t *testing.T) {
	t.Parallel()
	topic := func(owner string) func(*world) {
		return func(w *world) {
			w.resource(w.prod, "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:"+prodID+":t", granting(`"*"`, "sns:Publish", "*", `{"StringEquals":{"AWS:SourceOwner":"`+owner+`"}}`),
				granting(`{"Service":"cloudwatch.amazonaws.com"}`, "sns:Publish", "*", `{"StringEquals":{"aws:SourceAccount":"`+prodID+`"}}`))
		}
	}
	lookForEach(t, []kindTest{
		{"confused-deputy", "for its own account", topic(prodID), none, 0},
		{"external-access", "for its own account", topic(prodID), none, 0},
		{"confused-deputy", "for any account", topic("*"), none, 0}, // no id is "*" (E53)
		{"external-access", "for an account outside", topic(outsideID), possible, audit.Medium},
	})
}

// Events are in the streams of a log group, which its policy is about as well (E208).
func TestLogGroups(t *testing.T) {
	t.Parallel()
	const group = "arn:aws:logs:eu-west-1:" + prodID + ":log-group:x"
	logs := func(service, resource, condition string) func(*world) {
		return func(w *world) {
			w.resource(w.prod, "AWS::Logs::LogGroup", group, granting(`{"Service":"`+service+`"}`, "logs:PutLogEvents", resource, condition))
		}
	}
	lookForEach(t, []kindTest{
		{"confused-deputy", "a service writes to a log group", logs("route53.amazonaws.com", group+":*", ""), possible, audit.Medium},
		{"confused-deputy", "a service writes to a log group, for the account", logs("route53.amazonaws.com", group+":*", `{"StringEquals":{"aws:SourceAccount":"`+prodID+`"}}`), none, 0},
		{"confused-deputy", "a service writes to another log group", logs("route53.amazonaws.com", "arn:aws:logs:eu-west-1:"+prodID+":log-group:y:*", ""), none, 0},
	})
}
