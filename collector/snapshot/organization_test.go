package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// A landingZone makes accounts as large organizations have them: policies of
// AWS that stand in every account, roles that a tool stamped out everywhere,
// and roles, policies and resources that only one account has. The same seed
// gives the same accounts.
type landingZone struct {
	rng     *rand.Rand
	managed []*snapshot.ManagedPolicy // AWS's own
}

const (
	zoneRoles     = 84
	zoneUsers     = 16
	zonePolicies  = 12 // customer managed, of each account
	zoneResources = 60
	zoneManaged   = 24 // AWS's own, of which an account holds those that are attached
)

func newLandingZone(seed uint64) *landingZone {
	z := &landingZone{rng: rand.New(rand.NewPCG(seed, 5))} //nolint:gosec // not for secrets
	for i := range zoneManaged {
		name := fmt.Sprintf("AWSService%02dAccess", i)
		z.managed = append(z.managed, &snapshot.ManagedPolicy{
			PolicyName: name, PolicyID: fmt.Sprintf("ANPA%016d", i), ARN: "arn:aws:iam::aws:policy/" + name, Path: "/",
			DefaultVersionID: "v1", CreateDate: "2015-02-06T18:40:08Z", UpdateDate: "2024-05-06T07:08:09Z",
			PolicyVersionList: []snapshot.PolicyVersion{{
				VersionID: "v1", IsDefaultVersion: true, CreateDate: "2024-05-06T07:08:09Z", Document: z.document("*", 2+z.rng.IntN(12)),
			}},
		})
	}
	return z
}

var zoneServices = []string{"s3", "ec2", "sqs", "sns", "kms", "logs", "lambda", "dynamodb", "secretsmanager", "ecr", "glue", "events"}

// document makes an identity policy with some statements about things of an
// account.
func (z *landingZone) document(account string, statements int) jsontext.Value {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range statements {
		service := zoneServices[z.rng.IntN(len(zoneServices))]
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Sid":"Use%s%d","Effect":"Allow","Action":[`, strings.ToUpper(service[:1])+service[1:], i)
		for k := range 1 + z.rng.IntN(6) {
			if k > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%s:%s%02d"`, service, []string{"Get", "List", "Describe", "Put", "Create"}[z.rng.IntN(5)]+"Thing", z.rng.IntN(40))
		}
		if account == "*" {
			b.WriteString(`],"Resource":"*"`)
		} else {
			n := z.rng.IntN(1000)
			fmt.Fprintf(&b, `],"Resource":["arn:aws:%[1]s:eu-central-1:%[2]s:thing/app-%[3]d","arn:aws:%[1]s:eu-central-1:%[2]s:thing/app-%[3]d/*"]`, service, account, n)
		}
		if z.rng.IntN(3) == 0 {
			b.WriteString(`,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:SecureTransport":"true"}}`)
		}
		b.WriteByte('}')
	}
	b.WriteString("]}")
	return jsontext.Value(b.String())
}

// account makes one account. Its number is its seed as well, so that accounts
// can be made in any order.
func (z *landingZone) account(i int) *snapshot.Account {
	id := fmt.Sprintf("%012d", 100000000000+i)
	own := &landingZone{rng: rand.New(rand.NewPCG(uint64(i), 7)), managed: z.managed} //nolint:gosec // not for secrets
	d := &snapshot.AuthorizationDetails{}
	used := make(map[*snapshot.ManagedPolicy]bool)
	for k := range zonePolicies {
		name := fmt.Sprintf("app-%02d-policy", k)
		p := &snapshot.ManagedPolicy{
			PolicyName: name, PolicyID: fmt.Sprintf("ANPA%s%04d", id, k), ARN: "arn:aws:iam::" + id + ":policy/" + name, Path: "/",
			DefaultVersionID: "v2", CreateDate: "2023-05-06T07:08:09Z", UpdateDate: "2024-05-06T07:08:09Z",
		}
		p.PolicyVersionList = []snapshot.PolicyVersion{
			{VersionID: "v2", IsDefaultVersion: true, CreateDate: "2024-05-06T07:08:09Z", Document: own.document(id, 3)},
			{VersionID: "v1", CreateDate: "2023-05-06T07:08:09Z", Document: own.document(id, 3)},
		}
		d.Policies = append(d.Policies, p)
	}
	attach := func() (list []snapshot.AttachedPolicy) {
		for range 1 + own.rng.IntN(3) {
			p := d.Policies[own.rng.IntN(zonePolicies)]
			if own.rng.IntN(2) == 0 {
				p = z.managed[own.rng.IntN(zoneManaged)]
				used[p] = true
			}
			list = append(list, snapshot.AttachedPolicy{PolicyName: p.PolicyName, PolicyARN: p.ARN})
		}
		return list
	}
	for k := range zoneRoles {
		d.RoleDetailList = append(d.RoleDetailList, own.role(id, k, attach()))
	}
	for k := range zoneUsers {
		name := fmt.Sprintf("person-%02d", k)
		d.UserDetailList = append(d.UserDetailList, &snapshot.UserDetail{
			Path: "/", UserName: name, UserID: fmt.Sprintf("AIDA%s%04d", id, k), ARN: "arn:aws:iam::" + id + ":user/" + name,
			CreateDate: "2022-05-06T07:08:09Z", AttachedManagedPolicies: attach(),
			Tags: jsontext.Value(`[{"Key":"team","Value":"blue"}]`),
		})
	}
	for _, p := range z.managed {
		if used[p] {
			d.Policies = append(d.Policies, p)
		}
	}
	return &snapshot.Account{
		Info: snapshot.AccountInfo{ID: id, Name: fmt.Sprintf("team-%04d", i)}, IAM: d, Resources: []*snapshot.ResourceFile{own.resources(id)},
	}
}

// role makes a role. The first third is stamped out, equal in every account.
func (z *landingZone) role(id string, k int, attached []snapshot.AttachedPolicy) *snapshot.RoleDetail {
	name := fmt.Sprintf("role-%02d", k)
	r := &snapshot.RoleDetail{
		Path: "/", RoleName: name, RoleID: fmt.Sprintf("AROA%s%04d", id, k), ARN: "arn:aws:iam::" + id + ":role/" + name,
		CreateDate: "2023-05-06T07:08:09Z", AttachedManagedPolicies: attached,
		Tags:         jsontext.Value(`[{"Key":"team","Value":"blue"},{"Key":"stack","Value":"` + name + `"}]`),
		RoleLastUsed: &snapshot.RoleLastUsed{LastUsedDate: "2026-10-30T10:00:00Z", Region: "eu-central-1"},
	}
	switch {
	case k%3 == 0:
		stamped := &landingZone{rng: rand.New(rand.NewPCG(uint64(k), 9))} //nolint:gosec // not for secrets
		r.AssumeRolePolicyDocument = jsontext.Value(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::100000000001:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}`)
		r.RolePolicyList = []snapshot.InlinePolicy{{PolicyName: "baseline", PolicyDocument: stamped.document("*", 4)}}
	case k%7 == 0:
		r.AssumeRolePolicyDocument = jsontext.Value(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::%s:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/app-%d:*"}}}]}`, id, k))
	default:
		r.AssumeRolePolicyDocument = jsontext.Value(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + []string{"lambda", "ec2", "ecs-tasks"}[k%3] + `.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	}
	if k%2 == 1 {
		r.RolePolicyList = append(r.RolePolicyList, snapshot.InlinePolicy{PolicyName: "own", PolicyDocument: z.document(id, 1+z.rng.IntN(3))})
	}
	return r
}

func (z *landingZone) resources(id string) *snapshot.ResourceFile {
	f := &snapshot.ResourceFile{}
	for k := range zoneResources {
		r := &snapshot.Resource{Tags: snapshot.Have(snapshot.TagsOf(map[string]string{"team": "blue", "env": "prod"}))}
		switch k % 3 {
		case 0:
			r.ARN, r.Type = fmt.Sprintf("arn:aws:s3:::team-%s-%02d", id, k), "AWS::S3::Bucket"
			r.Ownership = "BucketOwnerEnforced"
			r.PublicAccessBlock = snapshot.Have(snapshot.PublicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true})
			r.Policy = snapshot.Have(jsontext.Value(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["%[1]s","%[1]s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, r.ARN)))
		case 1:
			r.ARN, r.Type = fmt.Sprintf("arn:aws:kms:eu-central-1:%s:key/00000000-0000-0000-0000-%012d", id, k), "AWS::KMS::Key"
			r.Policy = snapshot.Have(jsontext.Value(fmt.Sprintf(`{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, id)))
			r.Grants = snapshot.None[[]snapshot.KMSGrant]()
		default:
			r.ARN, r.Type = fmt.Sprintf("arn:aws:lambda:eu-central-1:%s:function:fn-%02d", id, k), "AWS::Lambda::Function"
			r.Policy = snapshot.None[jsontext.Value]()
		}
		f.Resources = append(f.Resources, r)
	}
	return f
}

// writeLandingZone fills a folder with accounts, one at a time unless it is
// packed.
func writeLandingZone(tb testing.TB, dir string, accounts int, opts snapshot.WriteOptions) {
	tb.Helper()
	z := newLandingZone(1)
	m := snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version, CreatedBy: "benchmark"}
	if opts.Pack {
		s := &snapshot.Snapshot{Manifest: m}
		for i := range accounts {
			s.Accounts = append(s.Accounts, z.account(i))
		}
		write(tb, dir, s, opts)
		return
	}
	f, err := snapshot.NewFolder(dir, opts)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range accounts {
		if err := f.Account(z.account(i)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := f.Manifest(&m); err != nil {
		tb.Fatal(err)
	}
}

// What the benchmarks read is a snapshot that says the same in every form.
func TestLandingZone(t *testing.T) {
	t.Parallel()
	plain, packed := t.TempDir(), t.TempDir()
	writeLandingZone(t, plain, 3, snapshot.WriteOptions{})
	writeLandingZone(t, packed, 3, snapshot.WriteOptions{Compress: true, Pack: true})
	want := load(t, os.DirFS(plain))
	if !reflect.DeepEqual(load(t, os.DirFS(packed)), want) {
		t.Error("the packed form gives another inventory")
	}
	if len(want.Gaps) > 0 || len(want.Accounts) != 3 || len(want.Accounts[2].Held().Roles) != zoneRoles {
		t.Errorf("got %d accounts with gaps %v, want 3 whole ones", len(want.Accounts), want.Gaps)
	}
	if problems := snapshot.Validate(os.DirFS(packed)); len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
}
