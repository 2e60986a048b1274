package orggen

import (
	"strings"

	"pathfinder/collector/snapshot"
)

// Policies of buckets.
const (
	tlsOnly    = `{"Sid":"DenyInsecureTransport","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["{arn}","{arn}/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	cloudFront = `{"Sid":"AllowCloudFrontServicePrincipal","Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"{arn}/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::{account}:distribution/{distribution}"}}}`
	balancer   = `{"Sid":"AccessLogs","Effect":"Allow","Principal":{"Service":"logdelivery.elasticloadbalancing.amazonaws.com"},"Action":"s3:PutObject","Resource":"{arn}/AWSLogs/{account}/*"}`
	public     = `{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"{arn}/*"}`
	endpoint   = `{"Sid":"OnlyFromOurNetwork","Effect":"Deny","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"{arn}/*","Condition":{"StringNotEqualsIfExists":{"aws:SourceVpce":"{endpoint}"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"},"ArnNotLikeIfExists":{"aws:PrincipalArn":"arn:aws:iam::{account}:role/landing-zone/*"}}}`
)

// bucket gives a bucket its settings and its policy: of an account's own buckets
// two in five have none, most of the others nothing but a demand for TLS.
func (a *account) bucket(t *thing, res *snapshot.Resource) {
	res.Name, res.Region, res.Ownership = t.name, a.region, "BucketOwnerEnforced"
	res.ACL = snapshot.Have(snapshot.ACL{
		Owner:  &snapshot.ACLOwner{ID: a.canonical},
		Grants: []snapshot.ACLGrant{{Grantee: snapshot.Grantee{Type: "CanonicalUser", ID: a.canonical}, Permission: "FULL_CONTROL"}},
	})
	res.PublicAccessBlock = snapshot.Have(closed)
	always := tlsOnly
	switch u := a.Float64(); {
	case t.shared:
		a.with(t, res, tlsOnly, bucketGrants)
		return
	case t.stamped && strings.Contains(t.name, "-logs-"):
		always += "," + balancer
	case t.stamped && strings.Contains(t.name, "-uploads-"):
		always += "," + strings.ReplaceAll(cloudFront, "{distribution}", "E"+a.text(base32[:26]+digits, 13))
	case t.stamped:
	case a.chance(a.cfg.Shares.Public):
		always += "," + public
		res.PublicAccessBlock = snapshot.Have(snapshot.PublicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true})
	case a.other() != "" && a.chance(a.cfg.Shares.CrossAccount):
		always += "," + strings.ReplaceAll(bucketGrants.other, "{other}", a.other())
	case u < 0.4:
		return
	case u < 0.45:
		always += "," + strings.ReplaceAll(cloudFront, "{distribution}", "E"+a.text(base32[:26]+digits, 13))
	case u < 0.5:
		always += "," + strings.ReplaceAll(endpoint, "{endpoint}", "vpce-0"+a.text(hex, 16))
	}
	if !t.stamped {
		a.encrypt(res)
	}
	res.Policy = snapshot.Have(a.fill(fillIn(always, t)))
}

// encrypt encrypts one bucket in three with a key of the account.
func (a *account) encrypt(res *snapshot.Resource) {
	for _, t := range a.things {
		if t.kind == key && a.chance(0.3) {
			res.Encryption = &snapshot.Encryption{KMSKeyID: t.arn}
			return
		}
	}
}
