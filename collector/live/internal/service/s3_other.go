package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// multiRegionHome is the region that answers for all Multi-Region Access Points;
// there are none outside of the partition aws ("Multi-Region Access Point
// restrictions and limitations", S3 guide).
const multiRegionHome = "us-west-2"

func (r *s3Reader) multiRegion(ctx context.Context) {
	if r.u.Partition != "aws" {
		return
	}
	list, err := pages(ctx, s3control.NewListMultiRegionAccessPointsPaginator(r.controlIn(multiRegionHome), &s3control.ListMultiRegionAccessPointsInput{AccountId: &r.u.Account, MaxResults: 100}),
		func(out *s3control.ListMultiRegionAccessPointsOutput) []types.MultiRegionAccessPointReport {
			return out.AccessPoints
		})
	if err != nil {
		r.u.Missing("Multi-Region Access Points", err)
	}
	for i := range list {
		r.multiRegionPoint(ctx, &list[i])
	}
}

// multiRegionPoint reads a Multi-Region Access Point. A request may go to any of
// its buckets, and decisions know one bucket behind an access point: with several,
// the policy is left open, so that none is decided wrongly.
func (r *s3Reader) multiRegionPoint(ctx context.Context, p *types.MultiRegionAccessPointReport) {
	to := &snapshot.Resource{ARN: "arn:" + r.u.Partition + ":s3::" + r.u.Account + ":accesspoint/" + aws.ToString(p.Alias), Type: "AWS::S3::MultiRegionAccessPoint", Name: aws.ToString(p.Name)}
	if len(p.Regions) != 1 {
		r.u.Note(to.ARN, "answers know only access points with one bucket behind them")
		r.u.Add(to)
		return
	}
	to.AccessPoint = &snapshot.AccessPoint{
		Bucket: aws.ToString(p.Regions[0].Bucket), BucketAccountID: aws.ToString(p.Regions[0].BucketAccountId), NetworkOrigin: "Internet",
		PublicAccessBlock: controlBlock(p.PublicAccessBlock),
	}
	out, err := r.controlIn(multiRegionHome).GetMultiRegionAccessPointPolicy(ctx, &s3control.GetMultiRegionAccessPointPolicyInput{AccountId: &r.u.Account, Name: p.Name})
	if call.Is(err, "NoSuchMultiRegionAccessPoint") {
		return
	}
	var text *string
	if err == nil && out.Policy != nil && out.Policy.Established != nil {
		text = out.Policy.Established.Policy
	}
	to.Policy = r.documentIn("", to.ARN, text, err, "NoSuchMultiRegionAccessPointPolicy")
	r.u.Add(to)
}

// directoryBuckets reads the directory buckets of a region. They have no ACLs, and
// their Block Public Access is always on. Many regions have none: their
// endpoint does not exist.
func (r *s3Reader) directoryBuckets(ctx context.Context, region string) {
	client := r.in(region)
	list, err := pages(ctx, awss3.NewListDirectoryBucketsPaginator(client, &awss3.ListDirectoryBucketsInput{MaxDirectoryBuckets: aws.Int32(1000)}),
		func(out *awss3.ListDirectoryBucketsOutput) []s3types.Bucket { return out.Buckets })
	if err != nil && !r.u.notOffered(ctx, region, err) {
		r.u.MissingIn(region, "directory buckets", err)
	}
	_ = each(ctx, list, func(ctx context.Context, b s3types.Bucket) { // the caller sees the end of ctx
		name := aws.ToString(b.Name)
		to := &snapshot.Resource{ARN: "arn:" + r.u.Partition + ":s3express:" + region + ":" + r.u.Account + ":bucket/" + name, Type: "AWS::S3Express::DirectoryBucket"}
		one := &bucketReader{u: r.u, client: client, bucket: &name, to: to}
		to.Region = region
		for _, read := range []func(context.Context){one.policy, one.encryption} {
			if read(ctx); one.gone {
				return
			}
		}
		to.Region = "" // the ARN says it
		r.u.Add(to)
	})
}
