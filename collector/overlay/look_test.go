package overlay_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

func TestLook(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "template")
	app := overlay.Entity{Account: account, Kind: overlay.Role, Name: "app"}
	for _, who := range []overlay.Entity{
		app,
		{Account: account, Kind: overlay.Group, Name: "staff"},
		{Account: account, Kind: overlay.Role, Name: "nobody"},
		{Account: unread, Kind: overlay.Role, Name: "app"},
		{Account: "000000000000", Kind: overlay.Role, Name: "app"},
	} {
		if got := e.Boundary(who); got != "" {
			t.Errorf("%v has the boundary %s", who, got)
		}
	}
	e.Put(app, overlay.Attributes{Boundary: "arn:aws:iam::111122223333:policy/edge"})
	if got := e.Boundary(app); got != "arn:aws:iam::111122223333:policy/edge" {
		t.Errorf("the boundary is %q", got)
	}
	if got := e.ControlNamed("SERVICE_CONTROL_POLICY", "FullAWSAccess"); got != "p-FullAWSAccess" {
		t.Errorf("the policy is %q", got)
	}
	for _, name := range []string{"", "fullawsaccess", "other"} {
		if got := e.ControlNamed("SERVICE_CONTROL_POLICY", name); got != "" {
			t.Errorf("%q is %q", name, got)
		}
	}
	var found []string
	for r := range e.Resources(account, "AWS::S3::Bucket") {
		found = append(found, r.ARN)
	}
	for r := range e.Resources("000000000000", "AWS::S3::Bucket") {
		found = append(found, r.ARN)
	}
	if strings.Join(found, " ") != "arn:aws:s3:::data" {
		t.Errorf("the buckets are %q", found)
	}
}

// A statement takes the place of the one with its Sid, and a resource that is
// not there becomes a gap.
func TestPutStatement(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "template")
	const bus = "arn:aws:events:eu-central-1:111122223333:event-bus/default"
	e.PutResource(account, snapshot.Resource{ARN: bus, Type: "AWS::Events::EventBus", Policy: snapshot.None[jsontext.Value]()})
	e.PutStatement(bus, "one", jsontext.Value(`{"Sid":"one","Effect":"Allow"}`))
	e.PutStatement(bus, "two", jsontext.Value(`{"Sid":"two","Effect":"Allow"}`))
	e.PutStatement(bus, "one", jsontext.Value(`{"Sid":"one","UnknownBecause":"x"}`))
	e.PutStatement(bus+"2", "one", jsontext.Value(`{"Sid":"one"}`))
	r, _ := e.Resource(bus)
	if got := string(r.Policy.Value); !strings.Contains(got, `"Statement":[{"Sid":"two","Effect":"Allow"},{"Sid":"one","UnknownBecause":"x"}]`) {
		t.Errorf("the policy is %s", got)
	}
	if gaps := e.Gaps(); len(gaps) != 1 || gaps[0].What != bus+"2" {
		t.Errorf("the gaps are %+v", gaps)
	}
}

func TestHanging(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "template")
	app := overlay.Entity{Account: account, Kind: overlay.Role, Name: "app"}
	e.Attach(app, "arn:aws:iam::aws:policy/ReadOnlyAccess")
	inline, attached, groups := e.Hanging(app)
	if strings.Join(inline, " ") != "read" || strings.Join(attached, " ") != "arn:aws:iam::aws:policy/ReadOnlyAccess" || len(groups) > 0 {
		t.Errorf("on the role hang %q, %q, %q", inline, attached, groups)
	}
	if _, _, groups = e.Hanging(overlay.Entity{Account: account, Kind: overlay.User, Name: "ann"}); strings.Join(groups, " ") != "staff" {
		t.Errorf("the user is in %q", groups)
	}
	for _, who := range []overlay.Entity{{Account: account, Kind: overlay.Role, Name: "nobody"}, {Account: unread, Kind: overlay.Role, Name: "app"}} {
		if inline, attached, groups = e.Hanging(who); len(inline)+len(attached)+len(groups) > 0 {
			t.Errorf("on %v hang %q, %q, %q", who, inline, attached, groups)
		}
	}
}

// Everybody of a kind is listed, also without a name of its own.
func TestEntities(t *testing.T) {
	t.Parallel()
	s := world()
	s.Accounts[0].IAM.RoleDetailList = append(s.Accounts[0].IAM.RoleDetailList, &snapshot.RoleDetail{ARN: "arn:aws:iam::111122223333:role/team/bare"})
	e := overlay.Edit(s, "template")
	e.Put(overlay.Entity{Account: account, Kind: overlay.Group, Name: "made"}, overlay.Attributes{})
	tests := []struct {
		account string
		kind    overlay.Kind
		want    string
	}{
		{account, overlay.User, "ann"},
		{account, overlay.Group, "staff made"},
		{account, overlay.Role, "app bare"},
		{account, overlay.KindInvalid, ""},
		{unread, overlay.Role, ""},
		{"000000000000", overlay.Role, ""},
	}
	for _, tt := range tests {
		var names []string
		for _, who := range e.Entities(tt.account, tt.kind) {
			if who.Account != tt.account || who.Kind != tt.kind || e.Find(who) == "" {
				t.Errorf("%v is not there", who)
			}
			names = append(names, who.Name)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.kind, tt.account, got, tt.want)
		}
	}
}

// A policy of the organization that can't be read hangs on the root where nothing
// else is said, if there is one.
func TestUnknownControl(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "template")
	e.PutUnknownControl("p-a", "SERVICE_CONTROL_POLICY", "", "why")
	e.PutUnknownControl("p-b", "RESOURCE_CONTROL_POLICY", account, "why")
	targets := map[string]string{}
	for _, p := range e.Snapshot().Organization.Policies {
		targets[p.PolicySummary.ID] = strings.Join(p.Targets, " ")
	}
	if root := e.Snapshot().Organization.Root.ID; targets["p-a"] != root || targets["p-b"] != account || len(e.Gaps()) > 0 {
		t.Errorf("targets %q, gaps %v", targets, e.Gaps())
	}
	for id, want := range map[string]string{"p-a": "SERVICE_CONTROL_POLICY", "p-b": "RESOURCE_CONTROL_POLICY", "p-c": ""} {
		if got := e.ControlKind(id); got != want {
			t.Errorf("%s is of %q, want %q", id, got, want)
		}
	}
	s := world()
	s.Organization.Root = nil
	e = overlay.Edit(s, "template")
	e.PutUnknownControl("p-a", "SERVICE_CONTROL_POLICY", "", "why")
	if e.ControlKind("p-a") != "" || len(e.Gaps()) != 1 {
		t.Errorf("without a root: %q, gaps %v", e.ControlKind("p-a"), e.Gaps())
	}
}
