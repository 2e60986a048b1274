package solver_test

import "testing"

// Section E: ownership, ACLs and Block Public Access.
func TestS3Ownership(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E165 the bucket policy can't grant on a foreign object", "U s3:GetObject O | s3 ObjectWriter owner=B | rbp +s3:*@O P=U", "IDENY"},
		{"E165 nor can the identity policy", "U s3:GetObject O | s3 ObjectWriter owner=B | idp +s3:*@*", "IDENY"},
		{"E165 its Deny counts", "UB s3:GetObject O | s3 ObjectWriter owner=B | idp +s3:*@* | rbp -s3:*@O P=*", "XDENY"},
		{"E165 the object's owner reads it", "UB s3:GetObject O | s3 ObjectWriter owner=B | idp +s3:*@*", "ALLOW"},
		{"E165 an object ACL lets the bucket's owner in", "U s3:GetObject O | s3 ObjectWriter owner=B object=aaaa:FULL_CONTROL | idp +s3:*@*", "ALLOW"},
		{"E166 enforced: the bucket's owner owns it", "U s3:GetObject O | s3 BucketOwnerEnforced owner=B | idp +s3:*@*", "ALLOW"},
		{"E166 enforced: ACLs are off", "anonymous s3:GetObject O | s3 BucketOwnerEnforced object=AllUsers:READ", "IDENY"},
		{"E166 unset counts as enforced", "anonymous s3:GetObject O | s3 object=AllUsers:READ", "IDENY"},
		{"E167 the bucket's owner deletes a foreign object", "U s3:DeleteObject O | s3 ObjectWriter owner=B | idp +s3:*@*", "ALLOW"},
		{"E167 upload without the ACL header", "UB s3:PutObject O | idp +s3:*@* | rbp +s3:PutObject@O P=UB ?StringEquals s3:x-amz-acl=bucket-owner-full-control", "IDENY"},
		{"E167 upload with it", "UB s3:PutObject O | ctx s3:x-amz-acl=bucket-owner-full-control | idp +s3:*@* | rbp +s3:PutObject@O P=UB ?StringEquals s3:x-amz-acl=bucket-owner-full-control", "ALLOW"},
	})
}

// E168: what ACL permissions mean, for a bucket and for an object of it.
func TestS3ACLPermissions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		permission   string
		onBucket     []string // actions on the bucket and on its objects
		onObject     []string
		unsureBucket []string
	}{
		{permission: "READ", onBucket: []string{"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"}, onObject: []string{"GetObject", "GetObjectVersion"}},
		{permission: "WRITE", onBucket: []string{"PutObject"}, unsureBucket: []string{"DeleteObject"}},
		{permission: "READ_ACP", onBucket: []string{"GetBucketAcl"}, onObject: []string{"GetObjectAcl", "GetObjectVersionAcl"}},
		{permission: "WRITE_ACP", onBucket: []string{"PutBucketAcl"}, onObject: []string{"PutObjectAcl", "PutObjectVersionAcl"}},
		{
			permission:   "FULL_CONTROL",
			onBucket:     []string{"ListBucket", "PutObject", "GetBucketAcl", "PutBucketAcl"},
			onObject:     []string{"GetObject", "GetObjectAcl", "PutObjectAcl"},
			unsureBucket: []string{"DeleteObject"},
		},
	}
	all := []string{
		"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "GetBucketAcl", "PutBucketAcl", "GetBucketPolicy", "DeleteBucket",
		"GetObject", "GetObjectVersion", "GetObjectAcl", "GetObjectVersionAcl", "PutObject", "PutObjectAcl", "PutObjectVersionAcl", "DeleteObject",
	}
	var rows []row
	for _, tt := range tests {
		for _, action := range all {
			for _, at := range []struct {
				list         string
				sure, unsure []string
			}{{"bucket", tt.onBucket, tt.unsureBucket}, {"object", tt.onObject, nil}} {
				if tt.permission == "FULL_CONTROL" && !contains(at.sure, action) && !contains(at.unsure, action) {
					continue // the rows of the single permissions cover it
				}
				want := "IDENY"
				switch {
				case contains(at.sure, action):
					want = "ALLOW"
				case contains(at.unsure, action):
					want = "ALLOW low"
				}
				resource := "O"
				if isBucketAction(action) {
					resource = "data"
				}
				rows = append(rows, row{
					"E168 " + tt.permission + " on the " + at.list + ", " + action,
					"UB s3:" + action + " " + resource + " | s3 ObjectWriter " + at.list + "=bbbb:" + tt.permission + " | idp +s3:*@*", want,
				})
			}
		}
	}
	runRows(t, rows)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func isBucketAction(action string) bool {
	return contains([]string{"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "GetBucketAcl", "PutBucketAcl", "GetBucketPolicy", "DeleteBucket"}, action)
}

func TestS3Grantees(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E169 AllUsers, unsigned", "anonymous s3:GetObject O | s3 ObjectWriter object=AllUsers:READ", "ALLOW"},
		{"E169 AllUsers, signed with identity policy", "UB s3:GetObject O | s3 ObjectWriter object=AllUsers:READ | idp +s3:*@*", "ALLOW low"},
		{"E171 AllUsers, signed without", "UB s3:GetObject O | s3 ObjectWriter object=AllUsers:READ", "IDENY low"},
		{"E169 AuthenticatedUsers, unsigned", "anonymous s3:GetObject O | s3 ObjectWriter object=AuthenticatedUsers:READ", "IDENY"},
		{"E169 AuthenticatedUsers, any account", "UB s3:GetObject O | s3 ObjectWriter object=AuthenticatedUsers:READ | idp +s3:*@*", "ALLOW"},
		{"E169 LogDelivery", "logging.s3.amazonaws.com s3:PutObject O | s3 ObjectWriter bucket=LogDelivery:WRITE", "ALLOW"},
		{"E169 LogDelivery is no other service", "sns.amazonaws.com s3:PutObject O | s3 ObjectWriter bucket=LogDelivery:WRITE", "IDENY"},
		{"E170 the other account's users need a policy", "UB s3:GetObject O | s3 ObjectWriter object=bbbb:READ", "IDENY"},
		{"E170 and have one", "UB s3:GetObject O | s3 ObjectWriter object=bbbb:READ | idp +s3:*@*", "ALLOW"},
		{"E170 the other account's root", "rootB s3:GetObject O | s3 ObjectWriter object=bbbb:READ", "ALLOW"},
		{"E170 nothing inside the owner's account", "U s3:GetObject O | s3 ObjectWriter object=aaaa:READ", "IDENY"},
		{"E19 an id that belongs to nobody known", "UB s3:GetObject O | s3 ObjectWriter object=cccc:READ | idp +s3:*@*", "IDENY"},
		{"E19 canonical user in a policy", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=bbbb", "ALLOW"},
		{"E19 counts as the account", "UB s3:GetObject O | rbp +s3:*@O P=bbbb", "IDENY"},
	})
}

func TestBlockPublicAccess(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E173 IgnorePublicAcls, AllUsers", "anonymous s3:GetObject O | s3 ObjectWriter ignore object=AllUsers:READ", "IDENY"},
		{"E173 IgnorePublicAcls, AuthenticatedUsers", "UB s3:GetObject O | s3 ObjectWriter ignore object=AuthenticatedUsers:READ | idp +s3:*@*", "IDENY"},
		{"E173 IgnorePublicAcls leaves accounts", "UB s3:GetObject O | s3 ObjectWriter ignore object=bbbb:READ | idp +s3:*@*", "ALLOW"},
		{"E173 RestrictPublicBuckets cuts nobody in the account", "U s3:GetObject O | s3 restrict | rbp +s3:*@O P=*", "ALLOW"},
		{"E173 anonymous callers", "anonymous s3:GetObject O | s3 restrict | rbp +s3:*@O P=*", "IDENY"},
		{"E173 other accounts", "UB s3:GetObject O | s3 restrict | idp +s3:*@* | rbp +s3:*@O P=*", "IDENY"},
		{"E173 even those that are named", "UB s3:GetObject O | s3 restrict | idp +s3:*@* | rbp +s3:Put*@O P=* ; +s3:*@O P=UB", "IDENY"},
		{"E173 services stay", "sns.amazonaws.com s3:GetObject O | s3 restrict | rbp +s3:*@O P=* ; +s3:*@O P=sns.amazonaws.com", "ALLOW low"},
		{"E173 a policy that is not public", "UB s3:GetObject O | s3 restrict | idp +s3:*@* | rbp +s3:*@O P=UB", "ALLOW"},
		{"E172 limited by organization", "UB s3:GetObject O | set org=o-a | s3 restrict | idp +s3:*@* | rbp +s3:*@O P=* ?StringEquals aws:PrincipalOrgID=o-a", "ALLOW"},
		{"E172 limited by a newer key", "UB s3:GetObject O | ctx aws:VpceAccount=B | s3 restrict | idp +s3:*@* | rbp +s3:*@O P=* ?StringEquals aws:VpceAccount=B", "ALLOW low"},
		{"E84 the cut is no explicit denial", "anonymous s3:GetObject O | s3 restrict | rbp +s3:*@O P=* ; -s3:Put*@O P=*", "IDENY"},
	})
}

func TestAccessPoints(t *testing.T) {
	t.Parallel()
	const (
		through  = " s3:GetObject AP/object/k1 | idp +s3:*@*"
		named    = " | ap data/k1 A +s3:GetObject@AP/object/* P=UB"
		delegate = " | ctx s3:DataAccessPointAccount=A | rbp +s3:*@data,data/* P=* ?StringEquals s3:DataAccessPointAccount=A"
	)
	runRows(t, []row{
		{"E175 its policy alone", "UB" + through + named, "IDENY"},
		{"E175 the bucket delegates", "UB" + through + named + delegate, "ALLOW"},
		{"E175 the bucket alone", "UB" + through + " | ap data/k1 A" + delegate, "IDENY"},
		{"E175 Deny in its policy", "UB" + through + " | ap data/k1 A +s3:*@* P=UB ; -s3:*@* P=*" + delegate, "XDENY"},
		{"E175 Deny in the bucket policy", "UB" + through + named + " | rbp -s3:*@data/* P=*", "XDENY"},
		{"E175 within the account an identity policy for both", "U" + through + " | ap data/k1 A", "ALLOW"},
		{"E175 within the account, only the access point", "U s3:GetObject AP/object/k1 | idp +s3:*@AP/* | ap data/k1 A", "IDENY low"},
		{"E175 within the account, only the bucket", "U s3:GetObject AP/object/k1 | idp +s3:*@data/* | ap data/k1 A", "IDENY"},
		{"E176 of another account than the bucket's", "U s3:GetObject AP/object/k1 | idp +s3:*@* | ap data/k1 B +s3:*@* P=U", "IDENY"},
		{"E176 and the bucket's owner allows", "U s3:GetObject AP/object/k1 | idp +s3:*@* | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=A", "ALLOW"},
		{"E176 across accounts the caller's policy is needed as well", "U s3:GetObject AP/object/k1 | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=A", "IDENY"},
		{"E177 multi-region access points", "UB s3:GetObject arn:aws:s3::A:accesspoint/m.mrap/object/k1 | idp +s3:*@* | ap data/k1 A +s3:*@* P=UB", "IDENY"},
		{"E173 the access point owner's account is not cut", "U s3:GetObject AP/object/k1 | s3 restrict | idp +s3:*@* | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=*", "ALLOW"},
		{"E175 Deny in the identity policy on the bucket's object", "U" + through + " ; -s3:*@data/* | ap data/k1 A", "XDENY"},
		{"E175 Deny in the identity policy of another account", "UB" + through + " ; -s3:*@data/*" + named + delegate, "XDENY"},
		{"E175 Deny in the boundary on the bucket's object", "U" + through + " | pb +*@* ; -s3:*@data/* | ap data/k1 A", "XDENY"},
		{"E175 Deny in the session policy on the bucket's object", "S" + through + " | sess +*@* ; -s3:*@data/* | ap data/k1 A", "XDENY"},
		{"E175 Deny in an SCP on the bucket's object", "U" + through + " | scp +*@* ; -s3:*@data/* | ap data/k1 A", "XDENY"},
		{"E175 an SCP need not allow the bucket", "U" + through + " | scp +s3:*@AP/* | ap data/k1 A", "ALLOW"},
		{"E175 Deny in the endpoint policy on the bucket's object", "U" + through + " | vpce +*@* P=* ; -s3:*@data/* P=* | ap data/k1 A", "XDENY"},
		{"E175 Deny on other objects of the bucket", "U" + through + " ; -s3:*@data/other/* | ap data/k1 A", "ALLOW"},
		{"E116 RCP of the access point's owner on the bucket's object", "U" + through + " | rcp -s3:*@data/* P=* | ap data/k1 A", "XDENY"},
		{"E116 RCP of the bucket's owner", "U" + through + " | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=A | brcp -s3:*@* P=*", "XDENY"},
		{"E116 RCP of the access point's owner says nothing about another's bucket", "U" + through + " | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=A | rcp -s3:*@data/* P=*", "ALLOW"},
		{"E118 bucket of the management account", "U" + through + " | ap data/k1 M +s3:*@* P=U | rbp +s3:*@data/* P=A | brcp -s3:*@* P=* | set bmgmt", "ALLOW"},
		{"E182 the bucket's side sees the bucket's account", "U" + through + " ; -s3:*@* ?StringEquals aws:ResourceAccount=B | ap data/k1 B +s3:*@* P=U | rbp +s3:*@data/* P=A", "XDENY"},
		{"E175 a VPC's access point from the internet", "U" + through + " | ap data/k1 A | net vpc-1", "IDENY"},
		{"E175 from another VPC", "U" + through + " | ap data/k1 A | net vpc-1 | ctx aws:SourceVpc=vpc-2", "IDENY"},
		{"E175 from its VPC", "U" + through + " | ap data/k1 A | net vpc-1 | ctx aws:SourceVpc=vpc-1", "ALLOW"},
		{"E175 the network is a condition", "U" + through + " | ap data/k1 A | net vpc-1 | open", `IF {"StringEquals":{"aws:SourceVpc":"vpc-1"}}`},
		{"E175 services have no network", "sns.amazonaws.com s3:GetObject AP/object/k1 | ap data/k1 A +s3:*@* P=sns.amazonaws.com | rbp +s3:*@data/* P=sns.amazonaws.com | net vpc-1 | open", "IDENY"},
		{"E173 a public policy of the access point", "UB" + through + " | s3 restrict | ap data/k1 A +s3:*@* P=*" + delegate, "IDENY"},
		{"E174 its own setting", "UB" + through + " | ap data/k1 A +s3:*@* P=* | set aprestrict" + delegate, "IDENY"},
		{"E174 its own setting and a public bucket", "UB" + through + " | s3 | ap data/k1 A +s3:*@* P=UB | set aprestrict | rbp +s3:*@data/* P=*", "IDENY"},
		{"E173 a policy that is not public", "UB" + through + named + " | set aprestrict" + delegate, "ALLOW"},
		{"E175 a VPC's access point is never public", "UB" + through + " | s3 restrict | ap data/k1 A +s3:*@* P=* | net vpc-1 | ctx aws:SourceVpc=vpc-1" + delegate, "ALLOW"},
		{"E173 its owner's users stay", "U" + through + " | ap data/k1 A +s3:*@* P=* | set aprestrict", "ALLOW"},
		{"E177 foreign objects", "U s3:GetObject arn:aws:s3::A:accesspoint/m.mrap/object/k1 | s3 ObjectWriter owner=B object=aaaa:READ | idp +s3:*@* | ap data/k1 A", "IDENY"},
		{"E165 an ordinary access point reaches them", "U" + through + " | s3 ObjectWriter owner=B object=aaaa:READ | ap data/k1 A", "ALLOW"},
		{"E173 other accounts are", "UB" + through + " | s3 restrict | ap data/k1 A +s3:*@* P=UB | rbp +s3:*@data/* P=*", "IDENY"},
	})
}

func TestS3Rest(t *testing.T) {
	t.Parallel()
	const (
		zonal     = "arn:aws:s3express:us-east-1:A:bucket/b--use1-az4--x-s3"
		oai       = "arn:aws:iam::cloudfront:user/CloudFront_E1" // AWS writes blanks, which the notation can't
		canonical = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	)
	runRows(t, []row{
		{"E178 object actions of s3 say nothing", "U s3express:CreateSession " + zonal + " | idp +s3:*@*", "IDENY"},
		{"E178 sessions cross accounts", "UB s3express:CreateSession " + zonal + " | idp +s3express:*@* | rbp +s3express:CreateSession@* P=UB", "ALLOW"},
		{"E178 bucket actions do not", "UB s3express:DeleteBucket " + zonal + " | idp +s3express:*@* | rbp +s3express:*@* P=UB", "IDENY"},
		{"E180 prefix given", "U s3:ListBucket data | ctx s3:prefix=home/ann/ | idp +s3:ListBucket@data ?StringLike s3:prefix=home/ann/*", "ALLOW"},
		{"E180 prefix not sent", "U s3:ListBucket data | idp +s3:ListBucket@data ?StringLike s3:prefix=home/ann/*", "IDENY"},
		{"E180 a Deny stops calls without prefix", "U s3:ListBucket data | idp +s3:*@* ; -s3:ListBucket@data ?StringNotLike s3:prefix=home/*", "XDENY"},
		{"E180 versions are another action", "U s3:ListBucketVersions data | idp +s3:ListBucket@data", "IDENY"},
		{"E43 a bucket is no object", "U s3:GetObject O | idp +s3:*@data", "IDENY"},
		{"E43 objects are no bucket", "U s3:ListBucket data | idp +s3:*@data/*", "IDENY"},
		{"E181 root unlocks the bucket", "rootA s3:PutBucketPolicy data | rbp -s3:*@data,data/* P=*", "ALLOW"},
		{"E181 nobody else does", "S s3:PutBucketPolicy data | idp +s3:*@* | rbp -s3:*@data,data/* P=*", "XDENY"},
		{"E181 not past an SCP", "rootA s3:PutBucketPolicy data | rbp -s3:*@data P=* | scp +*@* ; -s3:*@*", "XDENY"},
		{"E181 no other action", "rootA s3:GetBucketAcl data | rbp -s3:*@data P=*", "XDENY"},
		{"E181 not another account's root", "rootB s3:PutBucketPolicy data | rbp -s3:*@data P=*", "XDENY"},
		{"E182 the owner is a key", "U s3:PutObject evil/x | set owner=B | idp +s3:*@* ; -s3:*@* ?StringNotEquals aws:ResourceAccount=A", "XDENY"},
		{"E184 objects have no aws:ResourceTag", "U s3:GetObject O | set restag:env=dev | s3 abac | idp +s3:*@* ?StringEquals aws:ResourceTag/env=dev", "IDENY"},
		{"E184 buckets have it with ABAC", "U s3:ListBucket data | set restag:env=dev | s3 abac | idp +s3:*@* ?StringEquals aws:ResourceTag/env=dev", "ALLOW"},
		{"E184 without it they don't", "U s3:ListBucket data | set restag:env=dev | s3 BucketOwnerEnforced | idp +s3:*@* ?StringEquals aws:ResourceTag/env=dev", "IDENY"},
		{"E185 an origin access identity", oai + " s3:GetObject O | rbp +s3:GetObject@O P=" + oai, "ALLOW"},
		{"E185 another one", oai + "2 s3:GetObject O | rbp +s3:GetObject@O P=" + oai, "IDENY"},
		{"E185 it has no identity of its own account", oai + " s3:GetObject O", "IDENY"},
		{"E185 everybody includes it", oai + " s3:GetObject O | rbp +s3:GetObject@O P=*", "ALLOW"},
		{"E185 a Deny", oai + " s3:GetObject O | rbp +s3:GetObject@O P=" + oai + " ; -s3:*@O P=* ?Bool aws:SecureTransport=false | ctx aws:SecureTransport=false", "XDENY"},
		{"E185 it calls no other service", oai + " sqs:SendMessage Q | rbp +sqs:*@Q P=*", "IDENY"},
		{"E185 by an id that nobody can place", oai + " s3:GetObject O | rbp +s3:GetObject@O P=" + canonical, "IDENY low"},
		{"E185 a caller known by that id", canonical + " s3:GetObject O | rbp +s3:GetObject@O P=" + canonical, "ALLOW"},
		{"E19 a caller known by another id", canonical + " s3:GetObject O | rbp +s3:GetObject@O P=cccc", "IDENY"},
		{"E169 an ACL for such an id", canonical + " s3:GetObject O | s3 ObjectWriter object=" + canonical + ":READ", "ALLOW"},
		{"E185 a distribution", "cloudfront.amazonaws.com s3:GetObject O | ctx aws:SourceArn=arn:aws:cloudfront::A:distribution/D1 | rbp +s3:GetObject@O P=cloudfront.amazonaws.com ?StringEquals aws:SourceArn=arn:aws:cloudfront::A:distribution/D1", "ALLOW"},
	})
}
