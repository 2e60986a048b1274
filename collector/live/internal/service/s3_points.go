package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// Codes for an access point that is gone, and one without a policy.
const (
	noPoint       = "NoSuchAccessPoint"
	noPointPolicy = "NoSuchAccessPointPolicy"
)

// controlBlock makes the fact of a setting of Block Public Access.
func controlBlock(c *types.PublicAccessBlockConfiguration) snapshot.Fact[snapshot.PublicAccessBlock] {
	if c == nil {
		return snapshot.Fact[snapshot.PublicAccessBlock]{}
	}
	return snapshot.Have(snapshot.PublicAccessBlock{
		BlockPublicAcls: aws.ToBool(c.BlockPublicAcls), IgnorePublicAcls: aws.ToBool(c.IgnorePublicAcls),
		BlockPublicPolicy: aws.ToBool(c.BlockPublicPolicy), RestrictPublicBuckets: aws.ToBool(c.RestrictPublicBuckets),
	})
}

// documentIn is Unit.document for another region.
func (r *s3Reader) documentIn(region, what string, text *string, err error, noneCodes ...string) snapshot.Fact[jsontext.Value] {
	if err != nil && !call.Is(err, noneCodes...) {
		r.u.MissingIn(region, what, err)
		return snapshot.Fact[jsontext.Value]{}
	}
	return r.u.document(what, text, err, noneCodes...)
}

// accessPoints reads the access points of a region.
func (r *s3Reader) accessPoints(ctx context.Context, region string) {
	client := r.controlIn(region)
	list, err := pages(ctx, s3control.NewListAccessPointsPaginator(client, &s3control.ListAccessPointsInput{AccountId: &r.u.Account, MaxResults: 1000}),
		func(out *s3control.ListAccessPointsOutput) []types.AccessPoint { return out.AccessPointList })
	if err != nil && !r.u.notOffered(ctx, region, err) {
		r.u.MissingIn(region, "access points", err)
	}
	_ = each(ctx, list, func(ctx context.Context, p types.AccessPoint) { r.accessPoint(ctx, region, &p) }) // the caller sees the end of ctx
}

// objectLambdas reads the Object Lambda access points of a region.
func (r *s3Reader) objectLambdas(ctx context.Context, region string) {
	client := r.controlIn(region)
	list, err := pages(ctx, s3control.NewListAccessPointsForObjectLambdaPaginator(client, &s3control.ListAccessPointsForObjectLambdaInput{AccountId: &r.u.Account, MaxResults: 1000}),
		func(out *s3control.ListAccessPointsForObjectLambdaOutput) []types.ObjectLambdaAccessPoint {
			return out.ObjectLambdaAccessPointList
		})
	if err != nil && !r.u.notOffered(ctx, region, err) {
		r.u.MissingIn(region, "Object Lambda access points", err)
	}
	_ = each(ctx, list, func(ctx context.Context, p types.ObjectLambdaAccessPoint) { r.objectLambda(ctx, region, &p) }) // as above
}

func (r *s3Reader) accessPoint(ctx context.Context, region string, p *types.AccessPoint) {
	client, name := r.controlIn(region), aws.ToString(p.Name)
	to := &snapshot.Resource{ARN: aws.ToString(p.AccessPointArn), Type: "AWS::S3::AccessPoint"}
	if to.ARN == "" {
		to.ARN = "arn:" + r.u.Partition + ":s3:" + region + ":" + r.u.Account + ":accesspoint/" + name
	}
	if !r.first(to.ARN) {
		return
	}
	// One without a bucket stands before a file system; its policy decides alone.
	if p.Bucket != nil {
		var there bool
		if to.AccessPoint, there = r.behind(ctx, region, to.ARN, p); !there {
			return
		}
	}
	out, err := client.GetAccessPointPolicy(ctx, &s3control.GetAccessPointPolicyInput{AccountId: &r.u.Account, Name: &name})
	if call.Is(err, noPoint) {
		return
	}
	var text *string
	if err == nil {
		text = out.Policy
	}
	to.Policy = r.documentIn(region, to.ARN, text, err, noPointPolicy)
	r.u.Add(to)
}

// behind reads what stands behind an access point, if that is still there.
func (r *s3Reader) behind(ctx context.Context, region, arn string, p *types.AccessPoint) (ap *snapshot.AccessPoint, there bool) {
	ap = &snapshot.AccessPoint{Bucket: aws.ToString(p.Bucket), BucketAccountID: aws.ToString(p.BucketAccountId), NetworkOrigin: string(p.NetworkOrigin)}
	if p.VpcConfiguration != nil {
		ap.VPCConfiguration = &snapshot.VPCConfiguration{VPCID: aws.ToString(p.VpcConfiguration.VpcId)}
	}
	switch out, err := r.controlIn(region).GetAccessPoint(ctx, &s3control.GetAccessPointInput{AccountId: &r.u.Account, Name: p.Name}); {
	case call.Is(err, noPoint):
		return nil, false
	case err != nil:
		r.u.MissingIn(region, arn+" Block Public Access", err)
	default:
		ap.PublicAccessBlock = controlBlock(out.PublicAccessBlockConfiguration)
	}
	return ap, true
}

func (r *s3Reader) objectLambda(ctx context.Context, region string, p *types.ObjectLambdaAccessPoint) {
	to := &snapshot.Resource{ARN: aws.ToString(p.ObjectLambdaAccessPointArn), Type: "AWS::S3ObjectLambda::AccessPoint"}
	out, err := r.controlIn(region).GetAccessPointPolicyForObjectLambda(ctx, &s3control.GetAccessPointPolicyForObjectLambdaInput{AccountId: &r.u.Account, Name: p.Name})
	if call.Is(err, noPoint) {
		return
	}
	var text *string
	if err == nil {
		text = out.Policy
	}
	to.Policy = r.documentIn(region, to.ARN, text, err, noPointPolicy)
	r.u.Add(to)
}
