package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// What hangs on something that is not known hangs on one of those that the plan
// makes, or of those that are there, where its name may come from elsewhere. Each
// of them may have it: the functions here say so. Of all that are there they say
// it once, since one policy that can't be read is as good as several.

// made lists the instances of a type that the plan makes in the same account.
func (r *instance) made(kind string) (out []*instance) {
	for _, o := range r.plan.instances {
		if o.Mode == "managed" && o.Type == kind && o.makes() && o.Deposed == "" && o.place.account == r.place.account {
			out = append(out, o)
		}
	}
	return out
}

// entities lists the users, groups or roles that an attribute may come to name, and
// that have not been told to have what may hang on all of them.
func (r *instance) entities(kind overlay.Kind, target, what string) (out []overlay.Entity) {
	if r.mayBeThere(target) {
		if r.plan.edit.Once(r.place.account, what+" "+kind.String()) {
			return r.plan.edit.Entities(r.place.account, kind)
		}
		return nil
	}
	for _, o := range r.made("aws_iam_" + kind.String()) {
		name, _ := o.text("name")
		out = append(out, o.entity(name))
	}
	return out
}

// maybeOnEntity puts a policy that can't be read on each user, group or role that
// target may come to name; attr is what is not known of the policy.
func (r *instance) maybeOnEntity(kind overlay.Kind, target, attr string) {
	for _, who := range r.entities(kind, target, aPolicy) {
		r.plan.edit.Attach(who, r.unknownPolicy(attr))
	}
}

// maybeJoined makes each user that target may come to name a member of a group
// that is not known.
func (r *instance) maybeJoined(target string) {
	for _, who := range r.entities(overlay.User, target, aMember) {
		r.plan.edit.Join(r.place.account, who.Name, placeholder("", r.Address))
	}
}

// held are the types of what is there, by those of the plan.
var held = map[string]string{
	"aws_s3_bucket": "AWS::S3::Bucket", "aws_s3_access_point": "AWS::S3::AccessPoint", "aws_kms_key": "AWS::KMS::Key",
	"aws_sqs_queue": "AWS::SQS::Queue", "aws_sns_topic": "AWS::SNS::Topic", "aws_lambda_function": "AWS::Lambda::Function",
}

// maybeOnResource makes the policies of all resources unreadable that attr may come
// to name: one of them may get this one.
func (r *instance) maybeOnResource(attr string, kinds ...string) {
	for _, kind := range kinds {
		for _, o := range r.made(kind) {
			if text, ok := o.text("arn"); ok {
				r.unread(text, attr)
			}
		}
		if typ := held[kind]; typ != "" && r.mayBeThere(attr) && r.plan.edit.Once(r.place.account, typ) {
			for _, res := range slices.Collect(r.plan.edit.Resources(r.place.account, typ)) {
				r.unread(res.ARN, attr)
			}
		}
	}
}

// maybeOnCarrier does the same for types that are nothing but a policy. Much of
// what the plan makes of that sort is in no snapshot.
func (r *instance) maybeOnCarrier(c carrier) {
	of := c.service
	if of == "" {
		of = service(r.Type)
	}
	for _, o := range r.made(strings.TrimSuffix(r.Type, "_policy")) {
		if text, ok := o.text("arn"); ok {
			r.unread(text, c.attr)
		}
	}
	if !r.mayBeThere(c.attr) || !r.plan.edit.Once(r.place.account, of) {
		return
	}
	for _, res := range slices.Collect(r.plan.edit.Resources(r.place.account, "")) {
		if arn.Service(res.ARN) == of {
			r.unread(res.ARN, c.attr)
		}
	}
}

// unread makes the policy of a resource unreadable, once all is put: which comes
// last is not known.
func (r *instance) unread(text, attr string) { r.unreadable(text, r.unknownDocument(attr)) }

func (r *instance) unreadable(text string, doc jsontext.Value) {
	r.plan.edit.Later(func() {
		r.ifThere(text, "policy", func(res *snapshot.Resource) { res.Policy = snapshot.Have(doc) })
	})
}
