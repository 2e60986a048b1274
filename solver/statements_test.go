package solver_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Callers that a document treats alike share a view; those whom its entries or
// conditions tell apart do not.
func TestViews(t *testing.T) {
	t.Parallel()
	st := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}`
	}
	tests := []struct {
		name  string
		kind  policy.Kind
		text  string
		views int
		names string // by view, which statements name the caller
	}{
		{"no principals", policy.Identity, `{"Effect":"Allow","Action":"*","Resource":"*"}`, 1, "0"},
		{"E14 accounts of one list, and the others", policy.Resource, st(`{"AWS":["111111111111","222222222222","333333333333"]}`, ""), 2, "0|"},
		{"E16 a role and its account", policy.Resource, st(`{"AWS":"111111111111"}`, "") + "," + st(`{"AWS":"arn:aws:iam::111111111111:role/r"}`, ""), 3, "01|0|"},
		{"E13 services count as named weakly", policy.Resource, st(`"*"`, ""), 3, "0|0|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+tt.text+`]}`), tt.kind)
			views, ok := solver.Views(doc, solver.Apart{})
			if !ok || len(views) != tt.views {
				t.Fatalf("ok %v, %d views, want %d", ok, len(views), tt.views)
			}
			var names []string
			for i := range views {
				s := ""
				for k := range views[i].Statements {
					if views[i].Statements[k].Names {
						s += fmt.Sprint(k)
					}
					if views[i].Statements[k].Requests.IsEmpty() == views[i].Statements[k].Names {
						t.Errorf("view %d: statement %d names the caller: %v", i, k, views[i].Statements[k].Names)
					}
				}
				names = append(names, s)
			}
			if got := strings.Join(names, "|"); !strings.HasPrefix(got, tt.names) {
				t.Errorf("named in %q, want %q", got, tt.names)
			}
		})
	}
}

// What a view says of how the caller is named grows weaker from one to the next.
func TestViewsNest(t *testing.T) {
	t.Parallel()
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":["111111111111","arn:aws:iam::111111111111:role/r"]},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Deny","NotPrincipal":{"AWS":"111111111111"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}`), policy.Resource)
	views, ok := solver.Views(doc, solver.Apart{})
	if !ok {
		t.Fatal("no views")
	}
	for i := range views {
		for k, st := range views[i].Statements {
			for n := solver.NamedByAccount; n <= solver.NamedDirectly; n++ {
				if !views[i].Space.SubsetOf(st.Named[n], st.Named[n-1]) {
					t.Errorf("view %d, statement %d: more is named by %d than by %d", i, k, n, n-1)
				}
			}
		}
	}
}

// Too many callers to tell apart is no answer.
func TestTooManyViews(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range 70 {
		list = append(list, fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":"%012d"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/%d"}`, i+1, i))
	}
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`), policy.Resource)
	if _, ok := solver.Views(doc, solver.Apart{}); ok {
		t.Error("there is an answer")
	}
}
