package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

func putQueue(r *instance) {
	if r.old() == nil {
		r.name("name")
	}
	r.put("AWS::SQS::Queue", snapshot.None[jsontext.Value](), func(q *snapshot.Resource) { q.Encryption = r.messageKey() })
	r.changeKey()
}

// messageKey returns what encrypts a queue or a topic. A key that is not known is
// a placeholder, which is no key of the snapshot.
func (r *instance) messageKey() *snapshot.Encryption {
	switch key, ok := r.text("kms_master_key_id"); {
	case !ok:
		r.plan.gap(r, "which key encrypts it is known only after apply")
		return &snapshot.Encryption{KMSKeyID: r.keyARN(placeholder("", r.Address))}
	case strings.Contains(key, "alias/aws/"):
		return &snapshot.Encryption{AWSManaged: true}
	case key != "":
		return &snapshot.Encryption{KMSKeyID: r.keyARN(key)}
	}
	return nil
}

// changeKey follows another key of a queue or a topic that is there.
func (r *instance) changeKey() {
	if text, ok := r.text("arn"); ok && r.old() != nil && !r.unchanged("kms_master_key_id") {
		key := r.messageKey()
		r.plan.edit.EditResource(text, "encryption", func(res *snapshot.Resource) { res.Encryption = key })
	}
}

// queue turns the URL of a queue into its ARN (SQS guide, "Queue and message
// identifiers"): https://sqs.REGION.amazonaws.com/ACCOUNT/NAME.
func (r *instance) queue(url string) (string, bool) {
	if arn.Is(url) {
		return url, true
	}
	_, rest, _ := strings.Cut(url, "://")
	parts := strings.Split(rest, "/")
	if len(parts) != 3 || !arn.IsAccountID(parts[1]) {
		return "", false
	}
	host := strings.Split(parts[0], ".")
	region := r.place.region
	switch {
	case len(host) > 2 && host[0] == "sqs":
		region = host[1]
	case len(host) > 2 && host[1] == "queue": // the older form, REGION.queue.amazonaws.com
		region = host[0]
	}
	return "arn:" + r.partition() + ":sqs:" + region + ":" + parts[1] + ":" + parts[2], region != ""
}

func putQueuePolicy(r *instance) {
	url, ok := r.owner("queue_url")
	switch {
	case !ok:
		r.maybeOnResource("queue_url", "aws_sqs_queue")
		return
	case r.unchanged("policy"):
		return
	}
	text, ok := r.queue(url)
	if !ok {
		r.plan.gap(r, "its queue_url is not the URL of a queue")
		return
	}
	if doc, given := r.document("policy"); given {
		r.setPolicy(text, doc)
	}
}

func removeQueuePolicy(r *instance) {
	if text, ok := r.queue(r.was("queue_url")); ok {
		r.dropPolicy(text)
	}
}

func putTopic(r *instance) {
	if r.old() == nil {
		r.name("name")
	}
	text, _ := r.text("arn")
	r.put("AWS::SNS::Topic", snapshot.Have(overlay.DefaultTopicPolicy(text, r.place.account)), func(t *snapshot.Resource) { t.Encryption = r.messageKey() })
	r.changeKey()
}

func putTopicPolicy(r *instance) {
	text, ok := r.owner("arn")
	if !ok {
		r.maybeOnResource("arn", "aws_sns_topic")
	} else if !r.unchanged("policy") {
		if doc, given := r.document("policy"); given {
			r.setPolicy(text, doc)
		}
	}
}

// removeTopicPolicy brings back the default policy: a topic can't be without.
func removeTopicPolicy(r *instance) {
	text := r.was("arn")
	owner := r.was("owner")
	if owner == "" {
		owner = arn.Account(text)
	}
	r.ifThere(text, "policy", func(t *snapshot.Resource) { t.Policy = snapshot.Have(overlay.DefaultTopicPolicy(text, owner)) })
}
