package solver

import (
	"cmp"
	"maps"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// with returns the context with some keys fixed, unless the question fixed
// them already. pairs are lower-case keys and values in turn.
func (c Context) with(pairs ...string) Context {
	values := maps.Clone(c.Values)
	if values == nil {
		values = map[string]policy.Value{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if _, ok := values[pairs[i]]; !ok {
			values[pairs[i]] = policy.Single(pairs[i+1])
		}
	}
	c.Values = values
	return c
}

// s3Context is the key about the encryption context that S3 sets.
const s3Context = "kms:encryptioncontext:aws:s3:arn"

// fillKey adds the check of the KMS key that a resource is encrypted with: the
// service calls KMS onward as the same caller (E128, E179), which
// kms:ViaService tells (E195).
func (t *target) fillKey(c *Case, r *inventory.Resource, service, action string) {
	own := c.Caller.Account == r.Account && c.Caller.hasAccount()
	switch {
	case r.AWSManagedKey && own:
		return // E190: the key lets everybody of its account in through the service
	case r.AWSManagedKey:
		// E190: the key stays closed to everybody else.
		key := cmp.Or(r.EncryptionKey, "arn:"+arn.Partition(r.ARN)+":kms:"+r.Region+":"+r.Account+":key/aws-"+service)
		c.Also = append(c.Also, onward(c, action, key, r.Account))
		return
	case r.EncryptionKey == "":
		return
	}
	key := t.s.targetOf(r.EncryptionKey)
	if t.key != nil {
		key.carrier, key.grantees = t.key, granteesOf(t.key.KMSGrants)
	}
	also := onward(c, action, r.EncryptionKey, key.account)
	also.ResourceOrgID, also.ResourceOrgPath, also.ResourceInManagement = key.orgID, key.orgPath, key.management
	also.ResourceTags, also.RCPs = key.tags, key.rcps
	region := cmp.Or(r.Region, arn.Region(r.EncryptionKey))
	also.Context = c.Context.with("kms:viaservice", service+"."+region+".amazonaws.com", "aws:viaawsservice", "true")
	if p := arn.Partition(r.ARN); p != "aws" && p != "aws-us-gov" {
		// KMS documents the name for the usual domain alone; elsewhere hosts end in another one.
		also.Context.Values["kms:viaservice"] = policy.Value{State: policy.Open, Within: arn.Literal(service+"."+region+".") + arn.NewGlob("*")}
	}
	for _, k := range []string{"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn"} {
		also.Context.Values[k] = absent // the endpoint of the first call is not carried on (E128)
	}
	if _, asked := also.Context.Values[s3Context]; service == "s3" && !asked {
		// The ARN of the object, or with bucket keys that of the bucket (E179).
		also.Context.Values[s3Context] = policy.Value{State: policy.Open, Within: arn.Literal(r.ARN) + arn.NewGlob("*")}
	}
	also.Doubts = key.doubtsAsKey(&actor{caller: c.Caller}, action)
	key.fill(also, action)
	c.Also = append(c.Also, also)
}

// keyDoubt says that the key was not read which an action needs as well, if there is
// one (E179, E236); "" for an action that needs none, and when it was read.
func (t *target) keyDoubt(action string) string {
	if len(kmsNeeds[strings.ToLower(action)]) == 0 {
		return ""
	}
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r != nil && r.KeyUnread {
			return keyUnread(r)
		}
	}
	return ""
}

func keyUnread(r *inventory.Resource) string {
	return "the key that encrypts " + r.ARN + " was not read"
}

// doubtsAsKey lists what the snapshot lacks about the key of a resource.
func (t *target) doubtsAsKey(a *actor, action string) []string {
	doubts := t.doubtsFor(a, action)
	if strings.Contains(t.name, ":alias/") {
		doubts = append(doubts, "the key behind "+t.name+" is unknown")
	}
	return doubts
}

// onward copies a case for another check of the same call.
func onward(c *Case, action, resource, account string) *Case {
	o := *c
	o.Action, o.Resource, o.ResourceAccount = action, resource, account
	o.ResourceRegion, o.Resources, o.S3, o.AccessPoint, o.KMSGrants, o.Also, o.RCPs = "", nil, nil, nil, nil, nil, nil
	o.Doubts, o.keyDoubt = nil, ""
	o.AWSManagedKey, o.grantees, o.objectKeys = false, nil, nil
	o.Endpoint, o.HasEndpoint, o.Endpoints = nil, false, nil // services take no endpoint of the caller's
	return &o
}
