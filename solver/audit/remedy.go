package audit

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// byAWS reports whether a policy is one that AWS manages, by what answers call it: nobody
// else can change what it says.
func byAWS(label string) bool { return arn.Account(label) == "aws" }

// narrow makes the remedy of a statement that gives a principal too much: what to do with
// it where it can be changed, and what a policy in its place has to name where it can't.
func narrow(p *inventory.Principal, label string, statement int, do, name string) Remedy {
	r := Remedy{Text: do, Policy: label}
	at := inventory.LastPart(label)
	switch managed := byAWS(label); {
	case managed && p.IsPermissionSet():
		r.Text = fmt.Sprintf("In IAM Identity Center, take %s, which AWS manages, out of the permission set of %s, and give it a policy that names %s.", at, p.Name, name)
	case managed:
		r.Text = fmt.Sprintf("Detach %s, which AWS manages, from %s, and attach a policy that names %s.", at, strings.Join(placesOf(p, label), " and "), name)
	default:
		if p.IsPermissionSet() && strings.HasPrefix(label, p.ARN+"/") {
			r.Text += " Do so in the permission set, in IAM Identity Center: the role can't be changed by itself."
		}
		r.Statement = &statement
	}
	return r
}

// placesOf lists where a policy hangs that a principal has: on itself, or on groups.
func placesOf(p *inventory.Principal, label string) (out []string) {
	for owner, pol := range policiesOf(p) {
		if pol.Label(owner) == label && !slices.Contains(out, owner) {
			out = append(out, owner)
		}
	}
	return out
}

// narrowAll is narrow for an administrator: of the first of the statements that make it
// one, and it says where there are more.
func narrowAll(p *inventory.Principal, because []solver.StatementRef) Remedy {
	const name = "the actions and resources that are needed"
	var own []solver.StatementRef
	for i := range because {
		if because[i].Type == policy.Identity.String() {
			own = append(own, because[i])
		}
	}
	const limit = "let people come to it for a limited time only."
	if len(own) == 0 {
		return Remedy{Text: "Replace what gives it every right by the actions and resources that it needs, or " + limit}
	}
	r := narrow(p, own[0].Policy, own[0].Statement, "Replace the statement by the actions and resources that it needs.", name)
	r.Text = strings.TrimSuffix(r.Text, ".")
	if n := len(own) - 1; n > 0 {
		r.Text += fmt.Sprintf("; likewise %d other %s that it is an administrator by", n, many(n, "statement"))
	}
	r.Text += "; or " + limit
	return r
}

// distrust puts the statement of a trust policy that a step rests on into a remedy.
func (r *Remedy) distrust(step *solver.Step) {
	for i := range step.Because {
		if b := &step.Because[i]; b.Type == policy.Trust.String() {
			n := b.Statement
			r.Policy, r.Statement = b.Policy, &n
		}
	}
}

// withMFA returns the words that ask for MFA, where a condition does not ask for it yet.
func withMFA(when guard.Blocks, words string) string {
	if strings.Contains(strings.ToLower(when.String()), "aws:multifactorauth") {
		return ""
	}
	return words
}
