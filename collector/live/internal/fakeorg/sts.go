package fakeorg

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"pathfinder/collector/live/internal/wire"
)

// query makes an answer of the Query protocol.
func query(r *wire.Request, result string) *http.Response {
	name := r.Operation
	return r.Answer(http.StatusOK, `<`+name+`Response><`+name+`Result>`+result+`</`+name+`Result></`+name+`Response>`)
}

func (o *Org) callerIdentity(account string, r *wire.Request) *http.Response {
	return query(r, `<Arn>arn:aws:iam::`+account+`:user/collector</Arn><UserId>AIDAEXAMPLE</UserId><Account>`+account+`</Account>`)
}

// assumeRole gives sessions of the read role to the management account.
func (o *Org) assumeRole(account string, r *wire.Request) *http.Response {
	id, ok := strings.CutPrefix(r.Form.Get("RoleArn"), "arn:aws:iam::")
	id, name, _ := strings.Cut(id, ":role/")
	if !ok || account != Management || name != Role || r.Form.Get("ExternalId") != ExternalID ||
		!slices.Contains(o.accounts, id) || slices.Contains(o.cfg.NoRole, id) || slices.Contains(o.cfg.Suspended, id) {
		return r.Error(http.StatusForbidden, "AccessDenied", "not authorized to perform: sts:AssumeRole on resource: "+r.Form.Get("RoleArn"))
	}
	return query(r, `<Credentials><AccessKeyId>`+sessionKey+id+`</AccessKeyId><SecretAccessKey>TELLTALE-secret-key-`+id+`</SecretAccessKey>`+
		`<SessionToken>TELLTALE-session-token-`+id+`</SessionToken><Expiration>`+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+`</Expiration></Credentials>`+
		`<AssumedRoleUser><Arn>arn:aws:sts::`+id+`:assumed-role/PathfinderRead/pathfinder</Arn><AssumedRoleId>AROAEXAMPLE:pathfinder</AssumedRoleId></AssumedRoleUser>`)
}

func (o *Org) regions(_ string, r *wire.Request) *http.Response {
	var b strings.Builder
	for _, name := range o.cfg.Regions {
		b.WriteString(`<item><regionName>` + name + `</regionName><optInStatus>opt-in-not-required</optInStatus></item>`)
	}
	return r.Answer(http.StatusOK, `<DescribeRegionsResponse><regionInfo>`+b.String()+`</regionInfo></DescribeRegionsResponse>`)
}
