package audit_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

// A Deny may spare somebody who is there no more: by a name, which may be taken again (E78),
// or by an id, which nobody gets (E76, E80).
func TestExceptionsForNobody(t *testing.T) {
	t.Parallel()
	const gone = "AROAQWERTYUIOPASDFGHJ"
	deny := func(operator, key, value string) func(*world) {
		return func(w *world) {
			w.role(w.dev, "here", byService).UniqueID = "AROAHEREHEREHEREHERE1"
			w.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data/*","Condition":{"` + operator + `":{"` + key + `":["` + value + `","` + prodID + `"]}}}`)
		}
	}
	not := func(principal string) func(*world) {
		return func(w *world) {
			w.bucket(`{"Effect":"Deny","NotPrincipal":{"AWS":["` + principal + `","` + prodID + `"]},"Action":"s3:*","Resource":"arn:aws:s3:::data/*"}`)
		}
	}
	control := func(value string) func(*world) {
		return func(w *world) {
			w.role(w.dev, "here", byService)
			w.root.SCPs = append(w.root.SCPs, named("region", document(policy.SCP, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"`+value+`"}}}`)))
		}
	}
	role := "arn:aws:iam::" + devID + ":role/"
	lookForEach(t, []kindTest{
		{"dangling-trust", "a role that is not there, by its name", deny("ArnNotEquals", "aws:PrincipalArn", role+"gone"), certain, audit.Low},
		{"dangling-trust", "a role that is there, by its name", deny("ArnNotEquals", "aws:PrincipalArn", role+"here"), none, 0},
		{"dangling-trust", "roles by a pattern", deny("StringNotLike", "aws:PrincipalArn", role+"ci-*"), none, 0},
		{"dangling-trust", "a role outside", deny("ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::"+outsideID+":role/x"), none, 0},
		{"dangling-trust", "a Deny of a role that is not there", deny("ArnEquals", "aws:PrincipalArn", role+"gone"), none, 0},
		{"dangling-trust", "an id of nobody", deny("StringNotLike", "aws:userId", gone+":*"), possible, audit.Low},
		{"dangling-trust", "the id of a role", deny("StringNotLike", "aws:userId", "AROAHEREHEREHEREHERE1:*"), none, 0},
		{"dangling-trust", "an id of nobody, of whom not all ids are known", func(w *world) {
			w.user(w.dev, "somebody")
			deny("StringNotLike", "aws:userId", gone+":*")(w)
		}, none, 0},
		{"dangling-trust", "an id of nobody that is let in", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", `{"StringLike":{"aws:userId":"`+gone+`:*"}}`))
		}, possible, audit.Low},
		{"dangling-trust", "an id in NotPrincipal", not(gone), certain, audit.Low},
		{"dangling-trust", "a session of a role that is not there, in NotPrincipal", not("arn:aws:sts::" + devID + ":assumed-role/gone/s"), certain, audit.Low},
		{"dangling-trust", "by a control policy", control(role + "gone"), certain, audit.Low},
		{"dangling-trust", "a role that is there, by a control policy", control(role + "here"), none, 0},
	})
	for name, setup := range map[string]func(*world){"spared the Deny by it": not(gone), "is spared the Deny": control(role + "gone")} {
		w := newWorld()
		setup(w)
		if f := of(w.run(t, nil), "dangling-trust"); len(f) != 1 || !strings.Contains(f[0].Reason, name) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
