package cloudformation

import (
	"cmp"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// putBucket is AWS::S3::Bucket. What the template does not say is S3's default
// for a new bucket, and stays as it is for one that is there.
func putBucket(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	owner := it.s.d.edit.CanonicalID(it.s.account)
	r, there := it.s.d.edit.Resource(id.arn)
	if !there {
		r = overlay.NewBucket(it.s.partition, it.s.account, owner, it.s.region, id.name)
	}
	if it.doubt != "" {
		it.doubtBucket(&r, there)
		return
	}
	it.describe(&r, it.props, nil, !there)
	if v := it.props.get("PublicAccessBlockConfiguration"); !v.missing() {
		r.PublicAccessBlock = it.block(v)
	}
	if v := it.props.get("OwnershipControls"); !v.missing() {
		r.Ownership = it.ownership(v)
	}
	if v := it.props.get("AccessControl"); !v.missing() {
		r.ACL = it.canned(v, owner)
	}
	if v := it.props.get("BucketEncryption"); !v.missing() {
		r.Encryption = it.bucketEncryption(v)
	}
	if abac, why := it.text("AbacStatus"); why != "" {
		it.gap("whether the tags of the bucket count is not known: " + why)
	} else if abac != "" {
		r.ABAC = abac == "Enabled"
	}
	it.s.d.edit.PutResource(it.s.account, r)
}

// doubtBucket puts a bucket of which it is not known whether it is made, with
// nothing else known.
func (it *item) doubtBucket(r *snapshot.Resource, there bool) {
	if there {
		return // the gap says what may change
	}
	it.s.d.edit.PutResource(it.s.account, snapshot.Resource{ARN: r.ARN, Type: r.Type, Name: r.Name, Account: r.Account, Region: r.Region})
}

// block reads the settings of Block Public Access. One that is left out is off
// (S3 API Reference, "PublicAccessBlockConfiguration").
func (it *item) block(v *value) (out snapshot.Fact[snapshot.PublicAccessBlock]) {
	if why, found := v.reason(); found {
		it.gap("its Block Public Access is not known: " + why)
		return out
	}
	on := func(name string) bool {
		s, _ := v.get(name).scalar()
		return strings.EqualFold(s, "true")
	}
	return snapshot.Have(snapshot.PublicAccessBlock{
		BlockPublicAcls: on("BlockPublicAcls"), IgnorePublicAcls: on("IgnorePublicAcls"),
		BlockPublicPolicy: on("BlockPublicPolicy"), RestrictPublicBuckets: on("RestrictPublicBuckets"),
	})
}

func (it *item) ownership(v *value) string {
	why, _ := v.reason()
	rules := v.get("Rules").elements()
	if len(rules) == 1 {
		if s, ok := rules[0].get("ObjectOwnership").scalar(); ok {
			return s
		}
	}
	it.gap("its object ownership is not known: " + cmp.Or(why, "OwnershipControls does not have one rule"))
	return ""
}

// canned reads AccessControl, such as PublicRead.
func (it *item) canned(v *value, owner string) (out snapshot.Fact[snapshot.ACL]) {
	name, ok := v.scalar()
	if ok {
		var b strings.Builder // PublicRead is public-read elsewhere
		for i, c := range name {
			if i > 0 && c >= 'A' && c <= 'Z' {
				b.WriteByte('-')
			}
			b.WriteRune(c)
		}
		if acl, known := overlay.CannedACL(strings.ToLower(b.String()), owner); known {
			return acl
		}
	}
	why, _ := v.reason()
	it.gap("its ACL is not known: " + cmp.Or(why, quote(name)+" is no canned ACL of a bucket"))
	return out
}

// bucketEncryption reads the default encryption; nil for a key of S3's own.
func (it *item) bucketEncryption(v *value) *snapshot.Encryption {
	rules := within(v, "ServerSideEncryptionConfiguration").elements()
	if len(rules) == 0 {
		return nil
	}
	by := within(rules[0], "ServerSideEncryptionByDefault")
	algorithm, ok := within(by, "SSEAlgorithm").scalar()
	key := within(by, "KMSMasterKeyID")
	switch {
	case by.missing() || ok && !strings.HasPrefix(algorithm, "aws:kms"):
		return nil
	case !ok:
		return it.encryption(unknown(firstReason(by)), it.s.region)
	case key.missing():
		return &snapshot.Encryption{KMSKeyID: it.keyARN("alias/aws/s3", it.s.region), AWSManaged: true}
	}
	return it.encryption(key, it.s.region)
}

func firstReason(v *value) string {
	why, _ := v.reason()
	return cmp.Or(why, "the template does not say it")
}

// hangBucketPolicy is AWS::S3::BucketPolicy.
func hangBucketPolicy(it *item) {
	name, why := it.text("Bucket")
	if name == "" {
		it.gap("the policy of a bucket is changed, and which one is not known: " + why)
		it.maybeOnResource("AWS::S3::Bucket", why)
		return
	}
	it.setPolicy("arn:"+it.s.partition+":s3:::"+name, it.props.get("PolicyDocument"))
}

// putAccessPoint is AWS::S3::AccessPoint.
func putAccessPoint(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	bucket, why := it.text("Bucket")
	if bucket == "" {
		it.gap("the bucket behind the access point is not known: " + why)
		return
	}
	r, fresh := it.carrier(id.arn)
	ap := snapshot.AccessPoint{NetworkOrigin: "Internet"}
	if r.AccessPoint != nil {
		ap = *r.AccessPoint
	}
	ap.Bucket = bucket
	if owner, _ := it.text("BucketAccountId"); owner != "" {
		ap.BucketAccountID = owner
	}
	if v := it.props.get("VpcConfiguration"); !v.missing() {
		vpc, ok := v.get("VpcId").scalar()
		if !ok {
			vpc = "vpc-UNKNOWN"
			it.gap("the VPC of the access point is not known: " + firstReason(v))
		}
		ap.NetworkOrigin, ap.VPCConfiguration = "VPC", &snapshot.VPCConfiguration{VPCID: vpc}
	}
	// S3 User Guide, "Managing public access to access points for general purpose
	// buckets": all settings are on unless they are turned off when it is made.
	switch v := it.props.get("PublicAccessBlockConfiguration"); {
	case it.doubt != "":
		ap.PublicAccessBlock = snapshot.Fact[snapshot.PublicAccessBlock]{}
	case !v.missing() && v.kind == kindObject && len(v.keys) < 4:
		// The pages of AWS leave open what the settings are that are not named.
		it.gap("its Block Public Access is not known: the template names some of the four settings only")
		ap.PublicAccessBlock = snapshot.Fact[snapshot.PublicAccessBlock]{}
	case !v.missing():
		ap.PublicAccessBlock = it.block(v)
	case fresh:
		ap.PublicAccessBlock = snapshot.Have(snapshot.PublicAccessBlock{
			BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true,
		})
	}
	r.AccessPoint = &ap
	it.describe(&r, it.props, it.props.get("Policy"), fresh)
	it.s.d.edit.PutResource(it.s.account, r)
}
