package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A finding about very many lists some, and its title counts all.
func TestFindingsCountAll(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind string
		lab  func(w *world, n int)
		want map[int]string // of how many like things, what the title says
	}{
		{"cross-account-into-production", func(w *world, n int) {
			w.user(w.dev, "dan", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			for i := range n {
				w.role(w.prod, fmt.Sprintf("r-%03d", i), trusting(`{"AWS":"`+devID+`"}`, ""))
			}
		}, map[int]string{3: "can assume 3 roles", 260: "can assume 260 roles"}},
		{"wildcard-data-access", func(w *world, n int) {
			pol := &inventory.Policy{
				Name: "data", ARN: "arn:aws:iam::" + devID + ":policy/data",
				Doc: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`), policy.Identity),
			}
			for i := range n {
				u := w.user(w.dev, fmt.Sprintf("u-%03d", i))
				u.Attached = append(u.Attached, pol)
			}
		}, map[int]string{3: "and so can 2 more", 260: "and so can 259 more"}},
		{"privilege-escalation", func(w *world, n int) {
			w.user(w.dev, "dan", `{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*"}`)
			for i := range n {
				w.user(w.dev, fmt.Sprintf("u-%03d", i), `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
			}
		}, map[int]string{3: " and 2 more", 60: " and at least 59 more"}},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			for n, want := range tt.want {
				w := newWorld()
				tt.lab(w, n)
				list := of(w.run(t, nil), tt.kind)
				if len(list) != 1 || !strings.Contains(list[0].Title, want) {
					t.Errorf("%d: %+v, want one with %q", n, list, want)
				}
			}
		})
	}
}
