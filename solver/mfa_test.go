package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/solver"
)

// A role that users and bearers of tokens assume has sessions of two kinds: those of
// the first carry false for MFA, the others nothing (E144). Who reaches something is
// told by how each gets there; of the role itself, with what it depends on.
func TestWhatSessionsCarryOfMFA(t *testing.T) {
	t.Parallel()
	const (
		user     = `{"Effect":"Allow","Principal":{"AWS":"u"},"Action":"sts:AssumeRole"}`
		provider = `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"}`
		both     = user + "," + provider
		absent   = `"Null":{"aws:MultiFactorAuthPresent":"true"}`
		onlyIf   = ` if aws:MultiFactorAuthPresent absent`
	)
	second := func(condition string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"r1"},"Action":"sts:AssumeRole","Condition":{` + condition + `}}`
	}
	tests := []struct {
		name  string
		roles [][3]string
		want  []string
	}{
		{"E144 present or not", [][3]string{{"r1", both, `"Bool":{"aws:SecureTransport":"true"}`}}, []string{"idp r1", "r1", "u r1"}},
		{"E144 asked to be true", [][3]string{{"r1", both, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`}}, nil},
		{"E144 true if it is there", [][3]string{{"r1", both, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`}}, []string{"idp r1", "r1" + onlyIf}},
		{"E144 asked to be absent", [][3]string{{"r1", both, absent}}, []string{"idp r1", "r1" + onlyIf}},
		{"E144 asked to be false", [][3]string{{"r1", both, `"Bool":{"aws:MultiFactorAuthPresent":"false"}`}}, []string{"r1 if aws:MultiFactorAuthPresent present", "u r1"}},
		{"E144 false if it is there", [][3]string{{"r1", both, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`}}, []string{"idp r1", "r1", "u r1"}},
		{"E144 of users alone", [][3]string{{"r1", user, absent}}, nil},
		{"E144 of tokens alone", [][3]string{{"r1", provider, absent}}, []string{"idp r1", "r1"}},
		{"E227 on the way, as the session came about", [][3]string{{"r1", both, "-"}, {"r2", second(absent), `"Bool":{"aws:SecureTransport":"true"}`}}, []string{"idp r1 r2", "r1 r2 [aws:MultiFactorAuthPresent absent]", "r2"}},
		{"E227 and the other way round", [][3]string{{"r1", both, "-"}, {"r2", second(`"Bool":{"aws:MultiFactorAuthPresent":"false"}`), `"Bool":{"aws:SecureTransport":"true"}`}}, []string{"r1 r2 [aws:MultiFactorAuthPresent present]", "r2", "u r1 r2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := solver.New(solver.Config{Inventory: chainOf(t, tt.roles)})
			if err != nil {
				t.Fatal(err)
			}
			ans, err := s.WhoCan("b", []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range ans.Access {
				if a := &ans.Access[i]; !strings.HasSuffix(a.Principal, ":root") {
					got = append(got, chainText(a))
				}
			}
			if slices.Sort(got); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			var reached []string // by can
			for _, who := range []string{"arn:aws:iam::111111111111:oidc-provider/idp.example.com", "u", "r1"} {
				can, err := s.Can(who, "b", []string{"s3:GetObject"})
				if err != nil {
					t.Fatal(err)
				}
				for i := range can.Access {
					reached = append(reached, chainText(&can.Access[i]))
				}
			}
			slices.Sort(reached)
			if want := slices.DeleteFunc(got, func(line string) bool { return strings.HasPrefix(line, "r2") }); !slices.Equal(reached, want) {
				t.Errorf("can says %q, who-can %q", reached, want)
			}
		})
	}
}

// chainText writes who gets to what by which roles, with the conditions but that on
// transport.
func chainText(a *solver.Access) string {
	var out strings.Builder
	for i, s := range a.Path {
		if i > 0 {
			out.WriteByte(' ')
		}
		name := s.Principal[strings.LastIndexByte(s.Principal, '/')+1:]
		name, _, _ = strings.Cut(name, ".")
		out.WriteString(name)
		if len(s.Condition) > 0 {
			out.WriteString(" [" + s.Condition.String() + "]")
		}
	}
	for _, g := range a.Grants {
		if text := g.Condition.String(); len(g.Condition) > 0 && !strings.Contains(text, "SecureTransport") {
			out.WriteString(" if " + text)
		}
	}
	return out.String()
}
