package service

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// Codes for what is not there.
const (
	noBucket = "NoSuchBucket"
	noBlock  = "NoSuchPublicAccessBlockConfiguration"
)

// A bucketReader reads the settings of one bucket.
type bucketReader struct {
	u      *Unit
	client *awss3.Client
	bucket *string
	to     *snapshot.Resource
	gone   bool
}

// bucket reads the settings of a bucket in its own region. It reports whether the
// bucket is still there.
func (r *s3Reader) bucket(ctx context.Context, name string, to *snapshot.Resource) bool {
	b := &bucketReader{u: r.u, client: r.in(to.Region), bucket: &name, to: to}
	for _, read := range []func(context.Context){b.policy, b.acl, b.ownership, b.block, b.encryption, b.tags, b.abac} {
		if read(ctx); b.gone {
			return false
		}
	}
	return true
}

// none reports whether AWS said that a setting is not there. It notes every other
// error.
func (b *bucketReader) none(what string, err error, codes ...string) bool {
	switch {
	case call.Is(err, codes...):
		return true
	case call.Is(err, noBucket):
		b.gone = true
	default:
		b.u.MissingIn(b.to.Region, b.to.ARN+what, err)
	}
	return false
}

func (b *bucketReader) policy(ctx context.Context) {
	out, err := b.client.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: b.bucket})
	switch {
	case err == nil:
		b.to.Policy = b.u.document(b.to.ARN, out.Policy, nil)
	case b.none("", err, "NoSuchBucketPolicy"):
		b.to.Policy = b.u.document(b.to.ARN, nil, nil)
	}
}

func (b *bucketReader) acl(ctx context.Context) {
	out, err := b.client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b.bucket})
	if err != nil {
		b.none(" ACL", err)
		return
	}
	acl := snapshot.ACL{Grants: []snapshot.ACLGrant{}}
	if out.Owner != nil {
		acl.Owner = &snapshot.ACLOwner{ID: aws.ToString(out.Owner.ID)}
	}
	for _, g := range out.Grants {
		if g.Grantee == nil {
			continue
		}
		acl.Grants = append(acl.Grants, snapshot.ACLGrant{Permission: string(g.Permission), Grantee: snapshot.Grantee{
			Type: string(g.Grantee.Type), ID: aws.ToString(g.Grantee.ID), URI: aws.ToString(g.Grantee.URI),
		}})
	}
	b.to.ACL = snapshot.Have(acl)
}

// ownership reads who owns objects. Buckets from before there were settings of it,
// and those whose setting was deleted, have none (API reference,
// "GetBucketOwnershipControls"): their ACLs count, and objects belong to whoever
// wrote them, as S3 has always done.
func (b *bucketReader) ownership(ctx context.Context) {
	out, err := b.client.GetBucketOwnershipControls(ctx, &awss3.GetBucketOwnershipControlsInput{Bucket: b.bucket})
	switch {
	case err != nil:
		if b.none(" ownership", err, "OwnershipControlsNotFoundError") {
			b.to.Ownership = string(types.ObjectOwnershipObjectWriter)
		}
	case out.OwnershipControls == nil || len(out.OwnershipControls.Rules) != 1:
		b.u.missing(b.to.Region, b.to.ARN+" ownership", "the answer could not be understood")
	default:
		b.to.Ownership = string(out.OwnershipControls.Rules[0].ObjectOwnership)
	}
}

func (b *bucketReader) block(ctx context.Context) {
	out, err := b.client.GetPublicAccessBlock(ctx, &awss3.GetPublicAccessBlockInput{Bucket: b.bucket})
	if err != nil {
		if b.none(" Block Public Access", err, noBlock) {
			b.to.PublicAccessBlock = snapshot.None[snapshot.PublicAccessBlock]()
		}
		return
	}
	if c := out.PublicAccessBlockConfiguration; c == nil {
		b.u.MissingIn(b.to.Region, b.to.ARN+" Block Public Access", errors.New("the answer is empty"))
	} else {
		b.to.PublicAccessBlock = snapshot.Have(snapshot.PublicAccessBlock{
			BlockPublicAcls: aws.ToBool(c.BlockPublicAcls), IgnorePublicAcls: aws.ToBool(c.IgnorePublicAcls),
			BlockPublicPolicy: aws.ToBool(c.BlockPublicPolicy), RestrictPublicBuckets: aws.ToBool(c.RestrictPublicBuckets),
		})
	}
}

// encryption reads which key of KMS encrypts new objects, if one does.
func (b *bucketReader) encryption(ctx context.Context) {
	out, err := b.client.GetBucketEncryption(ctx, &awss3.GetBucketEncryptionInput{Bucket: b.bucket})
	if err != nil {
		if !b.none(" encryption", err, "ServerSideEncryptionConfigurationNotFoundError") {
			b.to.Encryption = keyNotRead()
		}
		return
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return
	}
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		by := rule.ApplyServerSideEncryptionByDefault
		if by == nil || by.SSEAlgorithm != types.ServerSideEncryptionAwsKms && by.SSEAlgorithm != types.ServerSideEncryptionAwsKmsDsse {
			continue
		}
		b.to.Encryption = &snapshot.Encryption{AWSManaged: true} // without a key it is aws/s3
		if key := aws.ToString(by.KMSMasterKeyID); key != "" {
			b.to.Encryption = b.u.encryptionIn(b.to.Region, key, "alias/aws/s3")
		}
	}
}

func (b *bucketReader) tags(ctx context.Context) {
	out, err := b.client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b.bucket})
	var list []types.Tag
	switch {
	case err == nil:
		list = out.TagSet
	case !b.none(" tags", err, "NoSuchTagSet"):
		return
	}
	b.to.Tags = tags(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// abac reads whether the tags of the bucket count in conditions ("Enabling ABAC in
// general purpose buckets", S3 guide).
func (b *bucketReader) abac(ctx context.Context) {
	out, err := b.client.GetBucketAbac(ctx, &awss3.GetBucketAbacInput{Bucket: b.bucket})
	if err != nil {
		b.none(" ABAC", err)
		b.to.ABACNotRead = true
		return
	}
	b.to.ABAC = out.AbacStatus != nil && out.AbacStatus.Status == types.BucketAbacStatusEnabled
}
