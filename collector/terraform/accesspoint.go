package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

func putAccessPoint(r *instance) {
	text, ok := r.text("arn")
	if !ok {
		r.plan.gap(r, "its ARN is known only after apply")
		return
	}
	if r.old() == nil {
		bucket, ok := r.target("bucket")
		if !ok {
			return
		}
		on := snapshot.PublicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
		ap := &snapshot.AccessPoint{
			Bucket: strings.TrimPrefix(arn.Resource(r.bucketNamed(bucket)), ":"), BucketAccountID: r.bucketAccount(bucket),
			NetworkOrigin: "Internet", PublicAccessBlock: snapshot.Have(on),
		}
		if b := block(r.after, "public_access_block_configuration"); b != nil {
			u, _ := field(r.unknown, "public_access_block_configuration").([]any)
			ap.PublicAccessBlock = r.publicAccess(b, first(u))
		}
		if vpc := block(r.after, "vpc_configuration"); vpc != nil {
			ap.NetworkOrigin = "VPC"
			id := str(vpc["vpc_id"])
			if id == "" {
				id = placeholder("vpc-", r.Address)
				r.plan.gap(r, "its VPC is known only after apply")
			}
			ap.VPCConfiguration = &snapshot.VPCConfiguration{VPCID: id}
		}
		r.plan.edit.PutResource(arn.Account(text), snapshot.Resource{
			ARN: text, Type: "AWS::S3::AccessPoint", Name: str(r.after["name"]), Region: arn.Region(text),
			Policy: snapshot.None[jsontext.Value](), AccessPoint: ap,
		})
	}
	r.ownPolicy(text)
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// bucketAccount returns the owner of the bucket behind an access point.
func (r *instance) bucketAccount(name string) string {
	if id := str(r.after["bucket_account_id"]); arn.IsAccountID(id) {
		return id
	}
	if b, ok := r.plan.edit.Resource(r.bucketNamed(name)); ok && b.Account != "" {
		return b.Account
	}
	return "" // the access point's own
}

func putAccessPointPolicy(r *instance) {
	text, ok := r.owner("access_point_arn")
	if !ok {
		r.maybeOnResource("access_point_arn", "aws_s3_access_point")
	} else if !r.unchanged("policy") {
		if doc, given := r.document("policy"); given {
			r.setPolicy(text, doc)
		}
	}
}

func removeAccessPointPolicy(r *instance) { r.dropPolicy(r.was("access_point_arn")) }
