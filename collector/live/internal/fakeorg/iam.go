package fakeorg

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pathfinder/collector/live/internal/wire"
)

// entity is one user, role or policy of an account, as XML under the name of its
// list.
type entity struct{ list, xml string }

const created = `<CreateDate>2024-02-29T12:00:00Z</CreateDate>`

// encoded is a document as IAM writes it.
func encoded(doc string) string { return url.QueryEscape(doc) }

// id makes the id of an entity from its ARN.
func (o *Org) id(prefix, arn string) string {
	return fmt.Sprintf("%s%08d%08d", prefix, o.draw(1e8, arn, "1"), o.draw(1e8, arn, "2"))
}

// entities lists what is in an account: the read role, users, roles, a group, and a
// policy of the account's own.
func (o *Org) entities(account string) []entity {
	arn := func(rest string) string { return "arn:aws:iam::" + account + ":" + rest }
	own := arn("policy/Work")
	attached := `<AttachedManagedPolicies><member><PolicyName>Work</PolicyName><PolicyArn>` + own + `</PolicyArn></member>` +
		`<member><PolicyName>ReadOnlyAccess</PolicyName><PolicyArn>arn:aws:iam::aws:policy/ReadOnlyAccess</PolicyArn></member></AttachedManagedPolicies>`
	trust := func(who string) string {
		return `<AssumeRolePolicyDocument>` + encoded(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{`+who+`},"Action":"sts:AssumeRole"}]}`) + `</AssumeRolePolicyDocument>`
	}
	role := func(path, name, who, more string) entity {
		name2 := arn("role" + path + name)
		return entity{"RoleDetailList", `<Path>` + path + `</Path><RoleName>` + name + `</RoleName><RoleId>` + o.id("AROA", name2) + `</RoleId><Arn>` + name2 + `</Arn>` + created + trust(who) + more}
	}
	var all []entity
	for i := range o.draw(o.cfg.Users+1, "users", account) {
		name := fmt.Sprintf("user-%02d", i)
		inline := `<UserPolicyList><member><PolicyName>own</PolicyName><PolicyDocument>` + encoded(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`) + `</PolicyDocument></member></UserPolicyList>`
		if i%2 == 0 {
			inline = `<GroupList><member>staff</member></GroupList><PermissionsBoundary><PermissionsBoundaryType>PermissionsBoundaryPolicy</PermissionsBoundaryType><PermissionsBoundaryArn>` + own + `</PermissionsBoundaryArn></PermissionsBoundary>`
		}
		all = append(all, entity{"UserDetailList", `<Path>/</Path><UserName>` + name + `</UserName><UserId>` + o.id("AIDA", arn("user/"+name)) + `</UserId><Arn>` + arn("user/"+name) + `</Arn>` + created + inline})
	}
	all = append(
		all,
		entity{"GroupDetailList", `<Path>/</Path><GroupName>staff</GroupName><GroupId>` + o.id("AGPA", arn("group/staff")) + `</GroupId><Arn>` + arn("group/staff") + `</Arn>` + created + attached},
		role("/audit/", "PathfinderRead", `"AWS":"arn:aws:iam::`+Management+`:root"`, ""),
		entity{"Policies", `<PolicyName>Work</PolicyName><PolicyId>` + o.id("ANPA", own) + `</PolicyId><Arn>` + own + `</Arn><Path>/</Path><DefaultVersionId>v2</DefaultVersionId>` + created +
			`<PolicyVersionList><member><Document>` + encoded(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`) + `</Document><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion>` + created + `</member></PolicyVersionList>`},
	)
	for i := range o.draw(o.cfg.Roles+1, "roles", account) {
		all = append(all, role("/", fmt.Sprintf("app-%03d", i), `"Service":"lambda.amazonaws.com"`, attached))
	}
	return all
}

func (o *Org) authorizationDetails(account string, r *wire.Request) *http.Response {
	all := o.entities(account)
	first, last, next := o.page(len(all), 1000, r.Form.Get("Marker"))
	lists := make(map[string]*strings.Builder)
	for _, e := range all[first:last] {
		if lists[e.list] == nil {
			lists[e.list] = new(strings.Builder)
		}
		lists[e.list].WriteString(`<member>` + e.xml + `</member>`)
	}
	var b strings.Builder
	for _, name := range []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"} {
		if l := lists[name]; l != nil {
			b.WriteString(`<` + name + `>` + l.String() + `</` + name + `>`)
		}
	}
	if next != "" {
		b.WriteString(`<IsTruncated>true</IsTruncated><Marker>` + next + `</Marker>`)
	}
	return query(r, b.String())
}

func (o *Org) accountAliases(account string, r *wire.Request) *http.Response {
	return query(r, `<AccountAliases><member>acct-`+account[8:]+`</member></AccountAliases><IsTruncated>false</IsTruncated>`)
}

const ciProvider = ":oidc-provider/token.actions.githubusercontent.com"

func (o *Org) openIDProviders(account string, r *wire.Request) *http.Response {
	return query(r, `<OpenIDConnectProviderList><member><Arn>arn:aws:iam::`+account+ciProvider+`</Arn></member></OpenIDConnectProviderList>`)
}

func (o *Org) openIDProvider(_ string, r *wire.Request) *http.Response {
	return query(r, `<Url>token.actions.githubusercontent.com</Url><ClientIDList><member>sts.amazonaws.com</member></ClientIDList>`)
}

func (o *Org) policy(_ string, r *wire.Request) *http.Response {
	arn := r.Form.Get("PolicyArn")
	return query(r, `<Policy><PolicyName>`+arn[strings.LastIndexByte(arn, '/')+1:]+`</PolicyName><PolicyId>ANPAMANAGED</PolicyId><Arn>`+arn+`</Arn><Path>/</Path><DefaultVersionId>v1</DefaultVersionId>`+created+`</Policy>`)
}

func (o *Org) policyVersion(_ string, r *wire.Request) *http.Response {
	return query(r, `<PolicyVersion><Document>`+encoded(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}`)+`</Document><VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion>`+created+`</PolicyVersion>`)
}

// credentialReport holds a column that is nobody's business.
func (o *Org) credentialReport(account string, r *wire.Request) *http.Response {
	report := "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,cert_1_id\n"
	for i := range o.draw(o.cfg.Users+1, "users", account) {
		report += fmt.Sprintf("user-%02d,arn:aws:iam::%s:user/user-%02d,true,2026-01-0%dT00:00:00+00:00,false,true,2025-01-01T00:00:00+00:00,N/A,TELLTALE-certificate\n", i, account, i, 1+i%9)
	}
	return query(r, `<Content>`+base64.StdEncoding.EncodeToString([]byte(report))+`</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-01-10T00:00:00Z</GeneratedTime>`)
}
