package solver

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A climbWorld is a small account that is built anew after each change.
type climbWorld struct {
	people map[string]*climbPerson // by ARN
	group  []string                // statements of the group
	bucket []string                // of the bucket's policy
}

type climbPerson struct {
	statements []string
	boundary   []string // nil for none
	trust      string   // of a role
	grouped    bool
}

func (w *climbWorld) clone() *climbWorld {
	c := &climbWorld{people: map[string]*climbPerson{}, group: w.group, bucket: w.bucket}
	for name, p := range w.people {
		q := *p
		c.people[name] = &q
	}
	return c
}

const readersGroup = labIAM + "group/readers"

var climbUsers, climbRoles = []string{labIAM + "user/u0", labIAM + "user/u1", labIAM + "user/u2"}, []string{labIAM + "role/r0", labIAM + "role/r1"}

func (w *climbWorld) solver(t *testing.T) *Solver {
	l := newLab()
	policies := func(p *climbPerson) (list []*inventory.Policy) {
		if len(p.statements) > 0 {
			list = append(list, policyOf(policy.Identity, p.statements...))
		}
		return list
	}
	var members []*inventory.Principal
	for _, name := range append(slices.Clone(climbUsers), climbRoles...) {
		p := w.people[name]
		var made *inventory.Principal
		if short := lastPart(name); p.trust == "" {
			made = l.user(short, policies(p)...)
		} else {
			made = l.role(short, trustOf(p.trust), policies(p)...)
		}
		if p.boundary != nil {
			made.Boundary = policyOf(policy.Boundary, p.boundary...)
			made.Boundary.ARN = labIAM + "policy/bound-" + lastPart(name)
		}
		if p.grouped {
			members = append(members, made)
		}
	}
	l.group("readers", members, policyOf(policy.Identity, w.group...))
	l.bucket(w.bucket...)
	return l.solver(t)
}

// whoMay says who may do something, "" for nobody: by ARN, whether without conditions. With direct,
// those who have to assume a role first are left out.
func whoMay(t *testing.T, s *Solver, resource, action string, direct bool) map[string]bool {
	t.Helper()
	ans, err := s.WhoCan(resource, []string{action})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for i := range ans.Access {
		if a := &ans.Access[i]; !direct || len(a.Path) == 1 {
			out[a.Principal] = out[a.Principal] || !a.Conditional()
		}
	}
	return out
}

const readObject = "s3:GetObject"

// afterStep changes the world as a step of a way says, and returns who acts then.
func (w *climbWorld) afterStep(t *testing.T, at string, s *Step) string {
	t.Helper()
	everyRight := func(name string) { w.people[name].statements = []string{allowsAll} } // over what denies, too
	switch s.Kind {
	case "iam-put-user-policy", "iam-put-role-policy":
		everyRight(s.Principal)
		return at
	case "iam-attach-user-policy", "iam-attach-role-policy":
		w.people[s.Principal].statements = append(slices.Clip(w.people[s.Principal].statements), allowsAll)
		return at
	case "iam-add-user-to-group":
		w.people[s.Principal].grouped = true
		return at
	case "iam-delete-user-boundary", "iam-delete-role-boundary":
		w.people[s.Principal].boundary = nil
		return at
	case "iam-put-user-boundary", "iam-put-role-boundary":
		w.people[s.Principal].boundary = []string{allowsAll}
		return at
	case "iam-remove-deny":
		switch call := strings.Join(s.calls, ","); {
		case strings.HasSuffix(call, "FromGroup"):
			w.people[s.Principal].grouped = false
		case strings.HasSuffix(call, "GroupPolicy"):
			w.group = nil
		default:
			w.people[s.Principal].statements = nil
		}
		return at
	case "s3-put-bucket-policy":
		w.bucket = []string{`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"` + at + `"}}}`}
		return at
	}
	if strings.Contains(s.Kind, "policy+") || s.Kind == "iam-passrole+modify-policy" {
		if strings.Contains(s.Kind, "attach") {
			w.people[s.Principal].statements = append(slices.Clip(w.people[s.Principal].statements), allowsAll)
		} else {
			everyRight(s.Principal)
		}
	}
	if s.Principal == at {
		t.Fatalf("what %s does to who uses it is not known here", s.Kind)
	}
	return s.Principal // whom it becomes
}

// Law: after the steps of a way, who is at its end reaches the bucket, without conditions where
// none is told; and nobody is left out who does one step more to one who gets there for certain.
func TestEscalationsReachWhatTheySay(t *testing.T) {
	allow := func(on string, actions ...string) string {
		return `{"Effect":"Allow","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"` + on + `"}`
	}
	const mfa = `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`
	identity := []string{
		allowsOn(readObject), allowsOn("iam:PutUserPolicy"), allowsOn("iam:PutRolePolicy"), allowsOn("iam:AttachUserPolicy"),
		allowsOn("iam:AddUserToGroup"), allowsOn("iam:CreateAccessKey"), allowsOn("iam:UpdateAssumeRolePolicy"), allowsOn("sts:AssumeRole"),
		allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"), allowsOn("iam:DeleteUserPermissionsBoundary"),
		allowsOn("s3:PutBucketPolicy"), allow(labIAM+"user/u1", "iam:CreateAccessKey"), allow(labIAM+"user/${aws:username}", "iam:PutUserPolicy"),
		allow(labIAM+"role/r1", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
		`{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, `{"Effect":"Deny","Action":"iam:*","Resource":"` + labIAM + `user/u0"}`,
		strings.TrimSuffix(allowsOn(readObject), "}") + mfa, strings.TrimSuffix(allowsOn("iam:PutUserPolicy"), "}") + mfa, strings.TrimSuffix(allowsOn("iam:CreateAccessKey"), "}") + mfa,
	}
	bound := []string{allowsAll, allowsOn("s3:*"), allowsOn("iam:*", "sts:*"), allowsOn("s3:PutBucketPolicy"), allowsOn("iam:DeleteUserPermissionsBoundary", "iam:PutUserPolicy")}
	trusts := []string{`{"Service":"lambda.amazonaws.com"}`, `{"AWS":"` + labIAM + `root"}`, `{"AWS":"` + labIAM + `user/u2"}`, `{"Service":"ec2.amazonaws.com"}`}
	bucket := []string{
		`{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["` + labIAM + `user/u1","` + labIAM + `role/r*"]}}}`,
		`{"Effect":"Deny","Principal":"*","Action":"s3:PutBucketPolicy","Resource":"*"}`,
		`{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `role/r0"},"Action":"s3:GetObject","Resource":"` + labBucket + `/*"}`,
		`{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `root"},"Action":"s3:GetObject","Resource":"` + labBucket + `/*"}`,
	}
	some := func(t *rapid.T, from []string, most int, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, most, rapid.ID).Draw(t, label)
	}
	certain, steps := 0, map[string]bool{}
	one := func(rt *rapid.T) {
		w := &climbWorld{people: map[string]*climbPerson{}, group: []string{rapid.SampledFrom(identity).Draw(rt, "group")}, bucket: some(rt, bucket, 2, "bucket")}
		for _, name := range append(slices.Clone(climbUsers), climbRoles...) {
			p := &climbPerson{statements: some(rt, identity, 3, name)}
			if rapid.IntRange(0, 3).Draw(rt, "bounded") == 0 {
				p.boundary = append([]string{}, some(rt, bound, 2, "boundary")...)
			}
			if p.grouped = false; strings.Contains(name, ":role/") {
				p.trust = rapid.SampledFrom(trusts).Draw(rt, "trust")
			}
			w.people[name] = p
		}
		s := w.solver(t)
		ans, err := s.WhoCanEscalating(labBucket, []string{readObject})
		if err != nil {
			rt.Fatal(err)
		}
		there := whoMay(t, s, labBucket, readObject, false)
		for i := range ans.Escalations {
			e := &ans.Escalations[i]
			after, at := w.clone(), e.Principal
			var how []string
			for j := range e.Path[1:] {
				at = after.afterStep(t, at, &e.Path[1+j])
				how = append(how, e.Path[1+j].Kind)
				steps[e.Path[1+j].Kind] = true
			}
			end := e.Path[len(e.Path)-1].Principal // who is given rights, or who has been taken over
			free, ok := whoMay(t, after.solver(t), labBucket, readObject, false)[end]
			if !ok && len(e.If) == 0 || e.Certain() && !free {
				rt.Fatalf("%s gets there by %v (%s %v), and does not: %+v", e.Principal, how, e.Condition, e.If, w)
			}
			if there[e.Principal] {
				rt.Fatalf("%s is there already", e.Principal)
			}
			if e.Certain() {
				there[e.Principal] = true
				certain++
			}
		}
		w.lacksNobody(t, rt, s, there)
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range 10 { // they are small
			one(rt)
		}
	})
	if want := []string{"assume-role", "iam-create-access-key", "iam-put-user-policy", "iam-add-user-to-group", "lambda-create-invoke", "s3-put-bucket-policy", "iam-update-assume-role-policy"}; certain == 0 ||
		slices.ContainsFunc(want, func(k string) bool { return !steps[k] }) {
		t.Errorf("%d certain ways, by %v: some never came up", certain, steps)
	}
}

// lacksNobody looks for somebody who is not there for certain, and is by one step more.
func (w *climbWorld) lacksNobody(t *testing.T, rt *rapid.T, s *Solver, there map[string]bool) {
	for _, name := range append(slices.Clone(climbUsers), climbRoles...) {
		if there[name] {
			continue
		}
		for other, sure := range there {
			if !sure || w.people[other] == nil || other == name {
				continue
			}
			calls := []string{"iam:CreateAccessKey"}
			if w.people[other].trust != "" {
				calls = []string{"sts:AssumeRole", "iam:UpdateAssumeRolePolicy"}
			}
			for _, call := range calls {
				if whoMay(t, s, other, call, true)[name] {
					rt.Fatalf("%s may call %s on %s, who gets there, and does not: %+v", name, call, other, w)
				}
			}
		}
		for _, own := range []struct {
			call, on string
			step     Step
		}{
			{"iam:PutUserPolicy", name, Step{Principal: name, Kind: "iam-put-user-policy"}},
			{"iam:PutRolePolicy", name, Step{Principal: name, Kind: "iam-put-role-policy"}},
			{"iam:AttachUserPolicy", name, Step{Principal: name, Kind: "iam-attach-user-policy"}},
			{"iam:AddUserToGroup", readersGroup, Step{Principal: name, Kind: "iam-add-user-to-group"}},
			{"iam:DeleteUserPermissionsBoundary", name, Step{Principal: name, Kind: "iam-delete-user-boundary"}},
			{"s3:PutBucketPolicy", labBucket, Step{Principal: name, Kind: "s3-put-bucket-policy"}},
		} {
			role := w.people[name].trust != ""
			if role == strings.Contains(own.call, "User") && own.on != labBucket || !whoMay(t, s, own.on, own.call, true)[name] {
				continue
			}
			after := w.clone()
			after.afterStep(t, name, &own.step)
			if whoMay(t, after.solver(t), labBucket, readObject, false)[name] {
				rt.Fatalf("%s gets there by %s, and is not told to: %+v", name, own.step.Kind, w)
			}
		}
	}
}
