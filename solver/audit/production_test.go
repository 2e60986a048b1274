package audit_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/audit"
)

// The path that is told carries what is said of it: the certain way, and the administrator
// where that is as certain.
func TestIntoProduction(t *testing.T) {
	t.Parallel()
	const mfa, dev = `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, `{"AWS":"` + devID + `"}`
	for _, tt := range []struct {
		name     string
		roles    func(*world)
		want     string // the role that is told
		certain  string
		severity audit.Severity
		others   int
	}{
		{"a certain way behind one with MFA", func(w *world) {
			w.role(w.prod, "a", trusting(dev, mfa))
			w.role(w.prod, "b", trusting(dev, ""))
		}, "b", certain, audit.Medium, 1},
		{"a certain way before one with MFA", func(w *world) {
			w.role(w.prod, "a", trusting(dev, ""))
			w.role(w.prod, "b", trusting(dev, mfa))
		}, "a", certain, audit.Medium, 1},
		{"with MFA alone", func(w *world) { w.role(w.prod, "a", trusting(dev, mfa)) }, "a", possible, audit.Medium, 0},
		{"an administrator behind another role", func(w *world) {
			w.role(w.prod, "a", trusting(dev, ""))
			w.role(w.prod, "b", trusting(dev, ""), allowAll)
		}, "b", certain, audit.High, 1},
		{"an administrator with MFA", func(w *world) {
			w.role(w.prod, "a", trusting(dev, mfa), allowAll)
			w.role(w.prod, "b", trusting(dev, ""))
		}, "b", certain, audit.High, 1},
		{"all with MFA", func(w *world) {
			w.role(w.prod, "a", trusting(dev, mfa))
			w.role(w.prod, "b", trusting(dev, mfa), allowAll)
		}, "b", possible, audit.High, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.user(w.dev, "dan", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			tt.roles(w)
			list := of(w.run(t, nil), "cross-account-into-production")
			if len(list) != 1 {
				t.Fatalf("%d findings", len(list))
			}
			f := list[0]
			if !strings.HasSuffix(f.Resource, ":role/"+tt.want) || f.Certain != tt.certain || f.Severity != tt.severity || len(f.Others) != tt.others {
				t.Errorf("%s, %s, %s, others %v, because %s", f.Resource, f.Certain, f.Severity, f.Others, f.Reason)
			}
			if len(f.Path) != 2 || f.Path[1].Principal != f.Resource || (len(f.Path[1].Condition) == 0) != (f.Certain == certain) || (len(f.Condition) == 0) != (f.Certain == certain) {
				t.Errorf("the path does not hold what is said: %+v", f)
			}
		})
	}
}

// What makes an account one of production is a word of its name, its units or its tags, and
// told where it is not the name; non-prod is not production.
func TestWhatIsProduction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, unit string
		tags       map[string]string
		option     []string
		is         bool
		told       string // what the detail says of it
	}{
		{name: "shop-prod", is: true},
		{name: "Production", is: true},
		{name: "shop-non-prod"},
		{name: "shop-nonprod"},
		{name: "pre-prod"},
		{name: "not_production"},
		{name: "non-critical-prod", is: true},
		{name: "products"},
		{name: "orders", unit: "Workloads-Prod", is: true, told: "counts as production by its unit Workloads-Prod."},
		{name: "orders", unit: "Non-Prod"},
		{name: "orders", unit: "Non-Prod", tags: map[string]string{"Environment": "prod"}, is: true, told: "counts as production by its tag Environment=prod."},
		{name: "orders", tags: map[string]string{"env": "non-prod"}},
		{name: "orders", tags: map[string]string{"owner": "prod"}},
		{name: "shop-non-prod", option: []string{"shop-*"}, is: true},
		{name: "shop-prod", option: []string{"orders"}},
	} {
		w := newWorld()
		w.user(w.mgt, "dan", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
		w.dev.Name, w.dev.Tags = tt.name, tt.tags
		w.prod.Name = "other"
		if tt.unit != "" {
			w.dev.Unit = &inventory.Unit{ID: "ou-1", Name: tt.unit, Parent: w.root, Accounts: []string{devID}}
		}
		w.role(w.dev, "a", trusting(`{"AWS":"`+mgmtID+`"}`, ""))
		list := of(w.run(t, func(c *audit.Config) { c.Production = tt.option }), "cross-account-into-production")
		if (len(list) == 1) != tt.is {
			t.Errorf("%+v: %d findings", tt, len(list))
			continue
		}
		if tt.is && (!strings.HasSuffix(list[0].Detail, tt.told) || strings.Contains(list[0].Detail, "counts as") != (tt.told != "")) {
			t.Errorf("%+v: %s", tt, list[0].Detail)
		}
	}
}

// Options that name nothing are told, and no error.
func TestIdleOptions(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.bucket().Tags = map[string]string{"data": "secret"}
	rep := w.run(t, func(c *audit.Config) {
		c.Production = []string{"shop-*", "nosuch", "Root"}
		c.Sensitive = []string{"tag:data", "tag:data=public", "arn:aws:s3:::data", "arn:aws:s3:::other*", "data", "da*", "arn:*:data", "dat", "nowhere"}
	})
	want := []string{
		"--production nosuch names no account of the snapshot, by id, name or unit",
		"--sensitive tag:data=public names no resource of the snapshot", "--sensitive arn:aws:s3:::other* names no resource of the snapshot",
		"--sensitive dat names no resource of the snapshot; did you mean arn:aws:s3:::data?",
		"--sensitive nowhere names no resource of the snapshot; give a name, an ARN, a pattern of either, or tag:KEY=VALUE",
	}
	if !slices.Equal(rep.Warnings, want) || !rep.Complete {
		t.Errorf("%q, complete: %v; want %q", rep.Warnings, rep.Complete, want)
	}
}
