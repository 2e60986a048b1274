package fakeorg

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/live/internal/wire"
)

const (
	rootID  = "r-fake"
	orgID   = "o-fakefake00"
	perPage = 20 // of AWS Organizations
)

// A unit is the root or an organizational unit.
type unit struct {
	id, name, parent string
	accounts         []string
}

type controlPolicy struct {
	id, name, kind, content string
	managed                 bool
	targets                 []string
}

// plant makes units three levels deep, hangs the accounts into them, and makes
// control policies.
func (o *Org) plant() {
	o.units = []unit{{id: rootID, name: "Root"}}
	add := func(parent int, name string) int {
		o.units = append(o.units, unit{id: fmt.Sprintf("ou-fake-%08d", len(o.units)), name: name, parent: o.units[parent].id})
		return len(o.units) - 1
	}
	for _, area := range []string{"workloads", "platform", "sandbox"} {
		top := add(0, area)
		for _, stage := range []string{"prod", "test"} {
			middle := add(top, stage)
			for team := range 1 + o.cfg.Accounts/200 {
				add(middle, "team-"+strconv.Itoa(team))
			}
		}
	}
	o.units[0].accounts = []string{Management}
	for _, id := range o.accounts[1:] {
		u := &o.units[1+o.draw(len(o.units)-1, "unit", id)]
		u.accounts = append(u.accounts, id)
	}
	everywhere := slices.Clone(o.accounts)
	for i := range o.units {
		everywhere = append(everywhere, o.units[i].id)
	}
	for kind, name := range map[string]string{"SERVICE_CONTROL_POLICY": "FullAWSAccess", "RESOURCE_CONTROL_POLICY": "RCPFullAWSAccess"} {
		o.policies = append(o.policies, controlPolicy{
			id: "p-" + name, name: name, kind: kind, managed: true, targets: everywhere,
			content: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
		})
	}
	slices.SortFunc(o.policies, func(a, b controlPolicy) int { return strings.Compare(a.id, b.id) })
	o.policies[0].content = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	for i := range 2 + min(o.cfg.Accounts/10, 200) {
		name := "guard-" + strconv.Itoa(i)
		o.policies = append(o.policies, controlPolicy{
			id: fmt.Sprintf("p-fake%04d", i), name: name, kind: "SERVICE_CONTROL_POLICY",
			content: `{"Version":"2012-10-17","Statement":[{"Sid":"Guard","Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`,
			targets: []string{o.units[o.draw(len(o.units), name)].id, o.accounts[o.draw(len(o.accounts), name)]},
		})
	}
}

func obj(pairs ...any) map[string]any {
	m := make(map[string]any)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// object makes an answer of the JSON protocols.
func object(r *wire.Request, v any) *http.Response {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return r.Error(http.StatusInternalServerError, "InternalFailure", "")
	}
	return r.Answer(http.StatusOK, string(b))
}

// asked reads the fields of a request in the JSON protocols.
func asked(r *wire.Request) map[string]string {
	var raw map[string]any
	_ = json.Unmarshal(r.Body, &raw)
	m := make(map[string]string)
	for name, v := range raw {
		if s, ok := v.(string); ok {
			m[name] = s
		}
	}
	return m
}

// list answers with one page of a list.
func list[T any](o *Org, r *wire.Request, name string, all []T, of func(T) any) *http.Response {
	first, last, next := o.page(len(all), perPage, asked(r)["NextToken"])
	items := []any{}
	for _, v := range all[first:last] {
		items = append(items, of(v))
	}
	answer := obj(name, items)
	if next != "" {
		answer["NextToken"] = next
	}
	return object(r, answer)
}

func orgARN(kind, id string) string {
	return "arn:aws:organizations::" + Management + ":" + kind + "/" + orgID + "/" + id
}

func (o *Org) describeOrganization(_ string, r *wire.Request) *http.Response {
	return object(r, obj("Organization", obj("Id", orgID, "Arn", "arn:aws:organizations::"+Management+":organization/"+orgID, "FeatureSet", "ALL",
		"MasterAccountId", Management, "MasterAccountArn", orgARN("account", Management), "MasterAccountEmail", "TELLTALE-master@example.com")))
}

func (o *Org) listRoots(_ string, r *wire.Request) *http.Response {
	types := []any{obj("Type", "SERVICE_CONTROL_POLICY", "Status", "ENABLED"), obj("Type", "RESOURCE_CONTROL_POLICY", "Status", "ENABLED")}
	return object(r, obj("Roots", []any{obj("Id", rootID, "Arn", orgARN("root", rootID), "Name", "Root", "PolicyTypes", types)}))
}

func (o *Org) listAccounts(_ string, r *wire.Request) *http.Response {
	return list(o, r, "Accounts", o.accounts, func(id string) any {
		state := "ACTIVE"
		if slices.Contains(o.cfg.Suspended, id) {
			state = "SUSPENDED"
		}
		return obj("Id", id, "Arn", orgARN("account", id), "Name", "account "+id[8:], "Email", "TELLTALE-"+id+"@example.com", "Status", state, "State", state)
	})
}

func (o *Org) listChildren(_ string, r *wire.Request) *http.Response {
	i := slices.IndexFunc(o.units, func(u unit) bool { return u.id == asked(r)["ParentId"] })
	if i < 0 {
		return r.Error(http.StatusBadRequest, "ParentNotFoundException", "")
	}
	return list(o, r, "Children", o.units[i].accounts, func(id string) any { return obj("Id", id, "Type", "ACCOUNT") })
}

func (o *Org) listUnits(_ string, r *wire.Request) *http.Response {
	var below []unit
	for _, u := range o.units {
		if u.parent != "" && u.parent == asked(r)["ParentId"] {
			below = append(below, u)
		}
	}
	return list(o, r, "OrganizationalUnits", below, func(u unit) any {
		return obj("Id", u.id, "Arn", orgARN("ou", u.id), "Name", u.name)
	})
}

func (p *controlPolicy) summary() any {
	return obj("Id", p.id, "Arn", orgARN("policy", strings.ToLower(p.kind)+"/"+p.id), "Name", p.name, "Type", p.kind, "AwsManaged", p.managed)
}

func (o *Org) listPolicies(_ string, r *wire.Request) *http.Response {
	var some []controlPolicy
	for _, p := range o.policies {
		if p.kind == asked(r)["Filter"] {
			some = append(some, p)
		}
	}
	return list(o, r, "Policies", some, func(p controlPolicy) any { return p.summary() })
}

func (o *Org) controlPolicy(r *wire.Request) *controlPolicy {
	for i := range o.policies {
		if o.policies[i].id == asked(r)["PolicyId"] {
			return &o.policies[i]
		}
	}
	return nil
}

func (o *Org) describePolicy(_ string, r *wire.Request) *http.Response {
	p := o.controlPolicy(r)
	if p == nil {
		return r.Error(http.StatusBadRequest, "PolicyNotFoundException", "")
	}
	return object(r, obj("Policy", obj("PolicySummary", p.summary(), "Content", p.content)))
}

func (o *Org) listTargets(_ string, r *wire.Request) *http.Response {
	p := o.controlPolicy(r)
	if p == nil {
		return r.Error(http.StatusBadRequest, "PolicyNotFoundException", "")
	}
	return list(o, r, "Targets", p.targets, func(id string) any {
		kind := "ORGANIZATIONAL_UNIT"
		switch {
		case id == rootID:
			kind = "ROOT"
		case slices.Contains(o.accounts, id):
			kind = "ACCOUNT"
		}
		return obj("TargetId", id, "Arn", orgARN("x", id), "Name", id, "Type", kind)
	})
}

func (o *Org) listDelegated(_ string, r *wire.Request) *http.Response {
	return list(o, r, "DelegatedAdministrators", o.accounts[min(1, len(o.accounts)):min(2, len(o.accounts))], func(id string) any {
		return obj("Id", id, "Arn", orgARN("account", id), "Email", "TELLTALE-delegated@example.com", "Name", "delegated", "Status", "ACTIVE")
	})
}

func (o *Org) listDelegatedServices(_ string, r *wire.Request) *http.Response {
	return list(o, r, "DelegatedServices", []string{"access-analyzer.amazonaws.com", "sso.amazonaws.com"}, func(name string) any {
		return obj("ServicePrincipal", name)
	})
}

func (o *Org) describeResourcePolicy(_ string, r *wire.Request) *http.Response {
	return r.Error(http.StatusBadRequest, "ResourcePolicyNotFoundException", "")
}
