package service_test

import (
	"maps"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const control = "GET /v20180820/"

// nothing are the answers of an account and a region without anything.
func s3Nothing() awstest.Answers {
	return awstest.Answers{
		"GET /": by("s3express", `<ListAllMyDirectoryBucketsResult><Buckets/></ListAllMyDirectoryBucketsResult>`, "", `<ListAllMyBucketsResult><Owner><ID>canonical</ID></Owner><Buckets/></ListAllMyBucketsResult>`),
		control + "configuration/publicAccessBlock": awstest.XMLError(404, "NoSuchPublicAccessBlockConfiguration"),
		control + "mrap/instances":                  `<ListMultiRegionAccessPointsResult><AccessPoints/></ListMultiRegionAccessPointsResult>`,
		control + "accesspoint":                     `<ListAccessPointsResult><AccessPointList/></ListAccessPointsResult>`,
		control + "accesspointforobjectlambda":      `<ListAccessPointsForObjectLambdaResult><ObjectLambdaAccessPointList/></ListAccessPointsForObjectLambdaResult>`,
	}
}

func with(base, more awstest.Answers) awstest.Answers {
	maps.Copy(base, more)
	return base
}

func TestReadS3Nothing(t *testing.T) {
	t.Parallel()
	read(t, "s3", "s3_nothing", s3Nothing())
}

func buckets(token string, pairs ...string) string {
	s := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>canonical</ID><DisplayName>somebody</DisplayName></Owner><Buckets>`
	for i := 0; i < len(pairs); i += 2 {
		s += "<Bucket><Name>" + pairs[i] + "</Name>"
		if pairs[i+1] != "" {
			s += "<BucketRegion>" + pairs[i+1] + "</BucketRegion>"
		}
		s += "</Bucket>"
	}
	return s + "</Buckets>" + token + "</ListAllMyBucketsResult>"
}

// Buckets: full has everything, bare has nothing, closed may not be read, odd is
// answered with lists of objects, gone and going vanished, far and old are in other
// regions, lost in an unknown one.
func TestReadBuckets(t *testing.T) {
	t.Parallel()
	const here = "eu-central-1"
	denied, odd := awstest.XMLError(403, "AccessDenied"), `<ListBucketResult><Name>odd</Name></ListBucketResult>`
	setting := func(full string, none any) any {
		return by("full.s3.eu-central-1.", full, "closed.", denied, "odd.", odd, "gone.", awstest.XMLError(404, "NoSuchBucket"), "", none)
	}
	none := func(code string) awstest.Answer { return awstest.XMLError(404, code) }
	read(t, "s3", "s3_buckets", with(s3Nothing(), awstest.Answers{
		"GET /": by("s3express", `<ListAllMyDirectoryBucketsResult><Buckets/></ListAllMyDirectoryBucketsResult>`,
			"continuation-token=2", buckets("", "closed", here, "odd", here, "gone", here, "going", here, "far", "eu-west-3", "old", "", "lost", "", "fled", ""),
			"max-buckets=10000", buckets("<ContinuationToken>2</ContinuationToken>", "full", here, "bare", "")),
		"GET /?location": by("bare.", `<LocationConstraint>eu-central-1</LocationConstraint>`, "old.", `<LocationConstraint/>`,
			"lost.", denied, "fled.", none("NoSuchBucket")),
		"GET /?policy": setting(allow("s3:GetObject"), none("NoSuchBucketPolicy")),
		"GET /?acl": setting(`<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>canonical</ID><DisplayName>somebody</DisplayName></Owner><AccessControlList>`+
			`<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>canonical</ID><DisplayName>somebody@example.com</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant>`+
			`<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>`+
			`</AccessControlList></AccessControlPolicy>`,
			`<AccessControlPolicy><Owner><ID>canonical</ID></Owner><AccessControlList/></AccessControlPolicy>`),
		"GET /?ownershipControls": setting(`<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`, none("OwnershipControlsNotFoundError")),
		"GET /?publicAccessBlock": setting(`<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>`+
			`<BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`, none("NoSuchPublicAccessBlockConfiguration")),
		"GET /?encryption": setting(`<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>alias/orders</KMSMasterKeyID></ApplyServerSideEncryptionByDefault>`+
			`<BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`,
			`<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`),
		"GET /?tagging": setting(`<Tagging><TagSet><Tag><Key>env</Key><Value>prod</Value></Tag></TagSet></Tagging>`, none("NoSuchTagSet")),
		"GET /?abac": by("going.", none("NoSuchBucket"), "full.", `<AbacStatus><Status>Enabled</Status></AbacStatus>`, "closed.", denied, "odd.", odd,
			"", `<AbacStatus><Status>Disabled</Status></AbacStatus>`),
		control + "configuration/publicAccessBlock": `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>` +
			`<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`,
	}))
}

func page(kind, list, token, items string) string {
	return "<" + kind + "><" + list + ">" + items + "</" + list + ">" + token + "</" + kind + ">"
}

func point(name, more string) string {
	return "<AccessPoint><Name>" + name + "</Name><NetworkOrigin>Internet</NetworkOrigin><AccessPointArn>arn:aws:s3:eu-central-1:111122223333:accesspoint/" + name + "</AccessPointArn>" + more + "</AccessPoint>"
}

func pointPolicy(kind, action string) string {
	return "<" + kind + "><Policy>" + strings.ReplaceAll(allow(action), `"`, "&quot;") + "</Policy></" + kind + ">"
}

// Access points of all kinds, and directory buckets.
func TestReadAccessPoints(t *testing.T) {
	t.Parallel()
	denied, none := awstest.XMLError(403, "AccessDenied"), awstest.XMLError(404, "NoSuchAccessPointPolicy")
	const bucket = "<Bucket>full</Bucket><BucketAccountId>444455556666</BucketAccountId>"
	block := func(kind string) string {
		return "<" + kind + "><PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration></" + kind + ">"
	}
	policy := "GET /v20180820/accesspoint/"
	lambdaPolicy := control + "accesspointforobjectlambda/"
	read(t, "s3", "s3_points", with(s3Nothing(), awstest.Answers{
		control + "accesspoint": by("nextToken=2", page("ListAccessPointsResult", "AccessPointList", "", point("closed", bucket)+point("gone", bucket)+point("going", bucket)+point("files", "<DataSourceType>FSX_OPENZFS</DataSourceType>")),
			"", page("ListAccessPointsResult", "AccessPointList", "<NextToken>2</NextToken>", point("full", bucket+"<VpcConfiguration><VpcId>vpc-1</VpcId></VpcConfiguration>")+point("bare", "<Bucket>bare</Bucket>"))),
		control + "accesspoint/full":   block("GetAccessPointResult"),
		control + "accesspoint/bare":   "<GetAccessPointResult><Name>bare</Name></GetAccessPointResult>",
		control + "accesspoint/closed": denied,
		control + "accesspoint/gone":   awstest.XMLError(404, "NoSuchAccessPoint"),
		control + "accesspoint/going":  block("GetAccessPointResult"),
		policy + "full/policy":         pointPolicy("GetAccessPointPolicyResult", "s3:GetObject"),
		policy + "bare/policy":         none,
		policy + "closed/policy":       denied,
		policy + "going/policy":        awstest.XMLError(404, "NoSuchAccessPoint"),
		policy + "files/policy":        `<ListBucketResult/>`,

		control + "accesspointforobjectlambda": page("ListAccessPointsForObjectLambdaResult", "ObjectLambdaAccessPointList", "",
			`<ObjectLambdaAccessPoint><Name>redact</Name><ObjectLambdaAccessPointArn>arn:aws:s3-object-lambda:eu-central-1:111122223333:accesspoint/redact</ObjectLambdaAccessPointArn></ObjectLambdaAccessPoint>`+
				`<ObjectLambdaAccessPoint><Name>gone</Name><ObjectLambdaAccessPointArn>arn:aws:s3-object-lambda:eu-central-1:111122223333:accesspoint/gone</ObjectLambdaAccessPointArn></ObjectLambdaAccessPoint>`),
		lambdaPolicy + "redact/policy": pointPolicy("GetAccessPointPolicyForObjectLambdaResult", "s3-object-lambda:GetObject"),
		lambdaPolicy + "gone/policy":   awstest.XMLError(404, "NoSuchAccessPoint"),

		control + "mrap/instances": page("ListMultiRegionAccessPointsResult", "AccessPoints", "",
			`<AccessPoint><Name>one</Name><Alias>one.mrap</Alias><PublicAccessBlock><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlock><Regions><Region><Bucket>full</Bucket><BucketAccountId>111122223333</BucketAccountId><Region>eu-central-1</Region></Region></Regions></AccessPoint>`+
				`<AccessPoint><Name>two</Name><Alias>two.mrap</Alias><Regions><Region><Bucket>full</Bucket></Region><Region><Bucket>far</Bucket></Region></Regions></AccessPoint>`),
		control + "mrap/instances/one/policy": `<GetMultiRegionAccessPointPolicyResult><Policy><Established><Policy>` + strings.ReplaceAll(allow("s3:GetObject"), `"`, "&quot;") + `</Policy></Established></Policy></GetMultiRegionAccessPointPolicyResult>`,

		"GET /": by("s3express-control", by("continuation-token=2", `<ListAllMyDirectoryBucketsResult><Buckets><Bucket><Name>gone--euc1-az1--x-s3</Name></Bucket></Buckets></ListAllMyDirectoryBucketsResult>`,
			"", `<ListAllMyDirectoryBucketsResult><Buckets><Bucket><Name>fast--euc1-az1--x-s3</Name></Bucket></Buckets><ContinuationToken>2</ContinuationToken></ListAllMyDirectoryBucketsResult>`),
			"", buckets("")),
		"GET /fast--euc1-az1--x-s3?policy":     allow("s3express:CreateSession"),
		"GET /gone--euc1-az1--x-s3?policy":     awstest.XMLError(404, "NoSuchBucket"),
		"GET /fast--euc1-az1--x-s3?encryption": `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-central-1:111122223333:key/k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
	}))
}

// Lists that may not be read are noted, and cost nothing else. A server that knows no
// directory buckets answers with the list of all buckets.
func TestReadAccessPointsDenied(t *testing.T) {
	t.Parallel()
	denied := awstest.XMLError(403, "AccessDenied")
	read(t, "s3", "s3_denied", awstest.Answers{
		"GET /": buckets(""),
		control + "configuration/publicAccessBlock": denied, control + "mrap/instances": denied,
		control + "accesspoint": denied, control + "accesspointforobjectlambda": denied,
	})
}
