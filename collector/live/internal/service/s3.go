package service

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var s3 = Service{
	Name: "s3", Title: "Amazon S3", What: "buckets and access points", Scope: Global,
	Types: []string{
		"AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint",
		"AWS::S3ObjectLambda::AccessPoint", "AWS::S3Express::DirectoryBucket",
	},
	Operations: slices.Concat(
		ops("S3", "s3", "GetBucketLocation", "GetBucketAcl", "GetBucketOwnershipControls", "GetBucketTagging", "GetBucketAbac"),
		[]call.Operation{
			op("S3", "ListBuckets", "s3:ListAllMyBuckets"),
			op("S3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
			op("S3", "ListDirectoryBuckets", "s3express:ListAllMyDirectoryBuckets"),
			op("S3", "GetBucketPolicy", "s3:GetBucketPolicy", "s3express:GetBucketPolicy"),
			op("S3", "GetBucketEncryption", "s3:GetEncryptionConfiguration", "s3express:GetEncryptionConfiguration"),
			op("S3 Control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
		},
		ops("S3 Control", "s3",
			"ListAccessPoints", "GetAccessPoint", "GetAccessPointPolicy",
			"ListMultiRegionAccessPoints", "GetMultiRegionAccessPointPolicy",
			"ListAccessPointsForObjectLambda", "GetAccessPointPolicyForObjectLambda")),
	Lists: 3, InRegions: 3, Each: 7,
	Read: readS3,
}

// An s3Reader reads S3 in all regions of an account.
type s3Reader struct {
	u *Unit

	mu      sync.Mutex
	s3s     map[string]*awss3.Client     // by region; under mu
	control map[string]*s3control.Client // by region; under mu
	points  map[string]bool              // ARNs of access points; under mu
}

func readS3(ctx context.Context, u *Unit) error {
	r := &s3Reader{u: u, s3s: make(map[string]*awss3.Client), control: make(map[string]*s3control.Client), points: make(map[string]bool)}
	if err := r.buckets(ctx); err != nil {
		return err
	}
	r.accountBlock(ctx)
	r.multiRegion(ctx)
	return each(ctx, u.Regions, func(ctx context.Context, region string) {
		r.accessPoints(ctx, region)
		r.objectLambdas(ctx, region)
		r.directoryBuckets(ctx, region)
	})
}

// first reports whether an access point was not seen yet: stand-ins for S3 list
// those of all regions in each.
func (r *s3Reader) first(arn string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.points[arn]
	r.points[arn] = true
	return !seen
}

// in returns the client of a region.
func (r *s3Reader) in(region string) *awss3.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.s3s[region] == nil {
		r.s3s[region] = awss3.NewFromConfig(r.u.Login.In(region), func(o *awss3.Options) {
			o.APIOptions = append(o.APIOptions, checkRoot)
			if r.u.Login.CustomEndpoint() { // it has no names for buckets, and no sessions
				o.UsePathStyle, o.DisableS3ExpressSessionAuth = true, aws.Bool(true)
			}
		})
	}
	return r.s3s[region]
}

// controlIn returns the client of S3 Control of a region.
func (r *s3Reader) controlIn(region string) *s3control.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.control[region] == nil {
		r.control[region] = s3control.NewFromConfig(r.u.Login.In(region), func(o *s3control.Options) {
			o.APIOptions = append(o.APIOptions, checkRoot)
		})
	}
	return r.control[region]
}

// bucketPage is the most that S3 takes. Accounts with a quota of more than 10,000
// buckets must page, and without the parameter no regions are in the list (API
// reference, "ListBuckets").
const bucketPage = 10_000

func (r *s3Reader) buckets(ctx context.Context) error {
	owner := ""
	list, err := pages(ctx, awss3.NewListBucketsPaginator(r.in(r.u.Region), &awss3.ListBucketsInput{MaxBuckets: aws.Int32(bucketPage)}),
		func(out *awss3.ListBucketsOutput) []types.Bucket {
			if out.Owner != nil {
				owner = aws.ToString(out.Owner.ID)
			}
			return out.Buckets
		})
	if err != nil {
		return err
	}
	r.u.Set(func(p *Part) { p.Info.CanonicalUserID = owner })
	var mu sync.Mutex
	left := make(map[string]bool) // regions that are not read
	err = each(ctx, list, func(ctx context.Context, b types.Bucket) {
		name, region := aws.ToString(b.Name), aws.ToString(b.BucketRegion)
		arn := "arn:" + r.u.Partition + ":s3:::" + name
		if region == "" {
			var there bool
			if region, there = r.location(ctx, name, arn); !there {
				return
			}
		}
		found := &snapshot.Resource{ARN: arn, Type: "AWS::S3::Bucket", Region: region}
		switch {
		case region == "": // noted
			found.Encryption, found.ABACNotRead = keyNotRead(), true
		case !slices.Contains(r.u.Regions, region):
			mu.Lock()
			left[region] = true
			mu.Unlock()
			found.Encryption, found.ABACNotRead = keyNotRead(), true
		case !r.bucket(ctx, name, found):
			return
		}
		r.u.Add(found) // whose it is is known in any case
	})
	for _, region := range slices.Sorted(maps.Keys(left)) {
		r.u.missing(region, "settings of buckets in "+region, "the region is not read")
	}
	return err
}

// location asks for the region of a bucket; it is "" when that is unknown. Two of
// its answers are older than regions' names (API reference, "GetBucketLocation").
func (r *s3Reader) location(ctx context.Context, name, arn string) (region string, there bool) {
	out, err := r.in(r.u.Region).GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: &name})
	switch {
	case call.Is(err, noBucket):
		return "", false
	case err != nil:
		r.u.Missing(arn, err)
		return "", true
	case out.LocationConstraint == "":
		return "us-east-1", true
	case out.LocationConstraint == types.BucketLocationConstraintEu:
		return "eu-west-1", true
	}
	return string(out.LocationConstraint), true
}

// accountBlock reads the account's own Block Public Access.
func (r *s3Reader) accountBlock(ctx context.Context) {
	out, err := r.controlIn(r.u.Region).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &r.u.Account})
	var block snapshot.Fact[snapshot.PublicAccessBlock]
	switch {
	case call.Is(err, noBlock):
		block = snapshot.None[snapshot.PublicAccessBlock]()
	case err != nil:
		r.u.Missing("Block Public Access of the account", err)
		return
	default:
		block = controlBlock(out.PublicAccessBlockConfiguration)
	}
	r.u.Set(func(p *Part) { p.Info.S3PublicAccessBlock = block })
}
