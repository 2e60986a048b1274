package policy_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
)

// A meaning is what a statement says, without places and in an order of its
// own where order has no effect.
type meaning struct {
	Sid                            string
	Effect                         policy.Effect
	Broken, NotAction, NotResource bool
	HasPrincipal, NotPrincipal     bool
	Principals                     []policy.Principal
	Actions, Resources             []string
	Conditions                     []string
}

func meaningOf(s *policy.Statement) meaning {
	m := meaning{
		Sid: s.Sid, Effect: s.Effect, Broken: s.Broken, NotAction: s.NotAction, NotResource: s.NotResource,
		HasPrincipal: s.HasPrincipal, NotPrincipal: s.NotPrincipal, Principals: slices.Clone(s.Principals),
	}
	slices.SortStableFunc(m.Principals, func(a, b policy.Principal) int { return bytes.Compare([]byte(a.Type), []byte(b.Type)) })
	for _, a := range s.Actions {
		m.Actions = append(m.Actions, a.Text)
	}
	for _, r := range s.Resources {
		m.Resources = append(m.Resources, r.Text)
	}
	for _, c := range s.Conditions {
		text := c.Operator.String() + " " + c.Key
		for _, v := range c.Values {
			text += " " + v
		}
		m.Conditions = append(m.Conditions, text)
	}
	slices.Sort(m.Conditions)
	return m
}

// sameMeaning returns the difference of two statements, "" when there is none.
func sameMeaning(a, b *policy.Statement) string { return cmp.Diff(meaningOf(a), meaningOf(b)) }

// reread writes d, reads that back, and fails when anything got lost.
func reread(t failer, d *policy.Document) {
	text, err := d.JSON()
	if err != nil {
		t.Fatalf("JSON: %v", err)
	}
	again := policy.Parse(text, d.Kind)
	if again.Version != d.Version || again.ID != d.ID || len(again.Statements) != len(d.Statements) {
		t.Fatalf("%s\nhas another Version, Id or number of statements than\n%s\n%v", text, d.Text(), again.Faults)
	}
	for i, s := range d.Statements {
		if diff := sameMeaning(s, again.Statements[i]); diff != "" {
			t.Fatalf("%s\nis not\n%s\n%s", text, d.Text(), diff)
		}
	}
	if twice, err := again.JSON(); err != nil || !bytes.Equal(twice, text) {
		t.Fatalf("written twice: %v\n%s\n%s", err, text, twice)
	}
}

type failer interface {
	Fatalf(format string, args ...any)
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		kind             policy.Kind
	}{
		{
			name: "E1 a bare statement becomes a list", kind: policy.Identity,
			text: `{"Statement":{"Resource":["*"],"Action":["s3:GetObject","s3:PutObject"],"Effect":"Allow"},"Version":"2012-10-17"}`,
			want: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}]}`,
		},
		{
			name: "E1 nothing stays nothing", kind: policy.SCP,
			text: `{"Statement":[]}`, want: `{"Statement":[]}`,
		},
		{
			name: "E25 principals keep their types", kind: policy.Resource,
			text: `{"Id":"p","Statement":[{"Sid":"a","Effect":"Deny","NotPrincipal":{"Service":"sns.amazonaws.com","AWS":["111111111111","*"]},"NotAction":"s3:*","NotResource":"*"}]}`,
			want: `{"Id":"p","Statement":[{"Sid":"a","Effect":"Deny","NotPrincipal":{"AWS":["111111111111","*"],"Service":"sns.amazonaws.com"},"NotAction":"s3:*","NotResource":"*"}]}`,
		},
		{
			name: "E13 everyone, in both forms", kind: policy.Resource,
			text: `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*"}]}`,
			want: `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*"}]}`,
		},
		{
			name: "E7 E47 conditions are texts, operators spelled as AWS does", kind: policy.Identity,
			text: `{"Statement":[{` + allow + `,"Condition":{"bool":{"aws:SecureTransport":true},"StringEquals":{"aws:x":["1","2"],"aws:y":[]}}}]}`,
			want: `{"Statement":[{` + allow + `,"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:x":["1","2"],"aws:y":[]}}}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(tt.text), tt.kind)
			got, err := d.JSON()
			if err != nil || string(got) != tt.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, got, tt.want)
			}
			reread(t, d)
		})
	}
}

// Law: parse ∘ print is the identity on what a document says, and printing
// twice prints the same.
func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc := documents().Draw(t, "document")
		d := policy.Parse([]byte(doc.text), doc.kind)
		if d.Damaged() {
			t.Fatalf("the generator wrote a broken document: %s\n%v", doc.text, d.Faults)
		}
		reread(t, d)
	})
}
