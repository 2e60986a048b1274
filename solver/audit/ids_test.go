package audit_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// TestIDs: a finding keeps its id while others come and go, and words change.
func TestIDs(t *testing.T) {
	t.Parallel()
	one := newWorld()
	one.user(one.prod, "x", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}`)
	two := newWorld()
	two.user(two.prod, "a", allowAll)
	two.user(two.prod, "x", `{"Effect":"Allow","Action":["iam:AttachUserPolicy","s3:*"],"Resource":"*"}`)
	a, b := of(one.run(t, nil), "privilege-escalation"), of(two.run(t, nil), "privilege-escalation")
	if len(a) != 1 || len(b) != 1 || a[0].ID != b[0].ID {
		t.Errorf("%v, %v", a, b)
	}
}

// TestIDsOfStatements: where a statement stands, and how it is written, is not what a
// finding is about; who is named in it, what data it opens, and its condition are.
func TestIDsOfStatements(t *testing.T) {
	t.Parallel()
	const (
		gone    = `{"AWS":["AIDAQWERTYUIOPASDFGHJ","AROAQWERTYUIOPASDFGHJ"]}`
		objects = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
		network = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","198.51.100.0/24"]}}}`
		turned  = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","192.0.2.0/24"]}}}`
		puts    = `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`
		deletes = `{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*"}`
		secrets = `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}`
		other   = `{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}`
	)
	for _, tt := range []struct {
		name, kind    string
		before, after []string
		want          int // of the ids before, how many are still there
		all           int // ids after
	}{
		{"somebody is gone, and stays so", "dangling-trust", []string{trusting(gone, "")}, []string{byService, trusting(gone, "")}, 2, 2},
		{"named twice", "dangling-trust", []string{trusting(gone, "")}, []string{trusting(gone, ""), byService, trusting(gone, "")}, 2, 2},
		{"one of them was taken out", "dangling-trust", []string{trusting(gone, "")}, []string{trusting(`{"AWS":"AROAQWERTYUIOPASDFGHJ"}`, "")}, 1, 1},
		{"another statement first", "wildcard-data-access", []string{objects}, []string{other, objects}, 1, 1},
		{"written otherwise", "wildcard-data-access", []string{objects}, []string{strings.Replace(objects, "GetObject", "Get*", 1)}, 1, 1},
		{"written twice", "wildcard-data-access", []string{objects}, []string{objects, other, objects}, 1, 1},
		{"values the other way round", "wildcard-data-access", []string{network}, []string{turned}, 1, 1},
		{"who writes over objects deletes them as well", "wildcard-data-access", []string{puts}, []string{deletes, puts}, 1, 1},
		{"who reads objects deletes them as well", "wildcard-data-access", []string{objects}, []string{objects, deletes}, 0, 1},
		{"without the condition", "wildcard-data-access", []string{network}, []string{objects}, 0, 1},
		{"more data", "wildcard-data-access", []string{objects}, []string{objects, secrets}, 0, 1},
		{"more data, if", "wildcard-data-access", []string{objects, network}, []string{network, objects}, 2, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ids := func(statements []string) (out []string) {
				w := newWorld()
				if r := w.role(w.prod, "r", byService); tt.kind == "dangling-trust" {
					r.Trust = document(policy.Trust, statements...)
				} else {
					r.Inline = w.user(w.prod, "u", statements...).Inline
					w.prod.Held().Users = nil
				}
				for _, f := range of(w.run(t, nil), tt.kind) {
					out = append(out, f.ID)
				}
				return out
			}
			before, after := ids(tt.before), ids(tt.after)
			kept := 0
			for _, id := range before {
				if slices.Contains(after, id) {
					kept++
				}
			}
			if kept != tt.want || len(after) != tt.all {
				t.Errorf("before %v, after %v; want %d kept and %d in all", before, after, tt.want, tt.all)
			}
		})
	}
}
