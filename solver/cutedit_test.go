package solver_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Where a statement says more than what is unwanted, an answer names the entries of one
// list of it that are enough to take out, if less is lost by that than by its removal.
func TestCutEdits(t *testing.T) {
	t.Parallel()
	const (
		ann, bob = `"arn:aws:iam::111111111111:user/ann"`, `"arn:aws:iam::111111111111:user/bob"`
		two      = `{"Effect":"Allow","Principal":{"AWS":[` + ann + `,` + bob + `,"222222222222"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
		trusts   = `{"Effect":"Allow","Principal":{"AWS":[` + ann + `,` + bob + `]},"Action":"sts:AssumeRole"}`
		doubled  = `{"Effect":"Allow","Principal":{"AWS":[` + ann + `,` + bob + `,"111111111111"]},"Action":"sts:AssumeRole"}`
		wide     = `{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","sqs:SendMessage"],"Resource":["arn:aws:s3:::data/*","arn:aws:sqs:*:*:jobs"]}`
		few      = `{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::data/*","arn:aws:s3:::spare/*"]}`
		stars    = `{"Effect":"Allow","Action":["s3:Get*","s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::data/*"}`
		but      = `{"Effect":"Allow","NotAction":["iam:*","ec2:*"],"Resource":"arn:aws:s3:::data/*"}`
	)
	own := solver.CutQuestion{From: []string{"ann"}}
	spare := func(w *cutWorld) {
		w.more = []*inventory.Resource{{
			ARN: "arn:aws:s3:::spare", Type: "AWS::S3::Bucket", Name: "spare", Account: "111111111111",
			HasPolicy: inventory.None, HasTags: inventory.None, S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		}}
	}
	for _, tt := range []struct {
		name  string
		world func(w *cutWorld)
		q     solver.CutQuestion
		want  string // element, what is removed, how much is lost by it and by the removal
	}{
		{"one of several principals", func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, two) }, own, "Principal user/ann 0 of 2"},
		{"two of several principals", func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, two) }, solver.CutQuestion{From: []string{"ann", "222222222222"}}, "Principal user/ann 222222222222 0 of 1"},
		{"all principals", func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, two) }, solver.CutQuestion{From: []string{"ann", "bob", "outside"}}, ""},
		{
			"one that a trust policy names",
			func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, trusts)
			}, own, "Principal user/ann 1 of 2",
		},
		{
			"one that a trust policy names twice",
			func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust, w.ann.Inline = may(cutRead), cutDoc(policy.Trust, doubled), may(cutBecome)
			},
			solver.CutQuestion{From: []string{"ann"}, Leave: []string{"arn:aws:iam::111111111111:user/ann*"}},
			"Principal user/ann 111111111111 1 of 2",
		},
		{"an action", func(w *cutWorld) { w.ann.Inline = may(wide) }, own, "Action GetObject 0 of 2"},
		{"two actions that mean the same", func(w *cutWorld) { w.ann.Inline = may(stars) }, own, "Action Get* GetObject 15 of 16"},
		{"a resource where less is lost by it", func(w *cutWorld) { spare(w); w.ann.Inline = may(few) }, own, "Resource data/* 1 of 3"},
		{"a list of exceptions", func(w *cutWorld) { w.ann.Inline = may(but) }, own, ""},
		{"nothing else is lost", func(w *cutWorld) {
			w.ann.Inline = may(strings.Replace(wide, `"s3:PutObject","sqs:SendMessage"`, `"s3:NoSuchThing"`, 1))
		}, own, ""},
		{
			"nothing is taken from somebody kept", func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, two) },
			solver.CutQuestion{Keep: []string{"bob"}},
			"",
		},
		{
			"a Deny is named for somebody who stays open",
			func(w *cutWorld) {
				w.group.Inline, w.ann.Inline = may(cutRead), may(wide)
				w.bob.Groups, w.eve.Groups = []*inventory.Group{w.group}, []*inventory.Group{w.group}
			},
			solver.CutQuestion{From: []string{"ann", "bob"}, Keep: []string{"eve"}},
			"",
		},
		{
			"two grants of one way",
			func(w *cutWorld) { w.ann.Inline = may(wide, stars) }, own, "Action GetObject 0 of 2, Action Get* GetObject 15 of 16",
		},
		{"in brief", func(w *cutWorld) { w.ann.Inline = may(wide) }, solver.CutQuestion{From: []string{"ann"}, Brief: true}, ""},
		{
			"of a policy of AWS",
			func(w *cutWorld) {
				w.ann.Attached = []*inventory.Policy{{Name: "p", ARN: "arn:aws:iam::aws:policy/P", Doc: cutDoc(policy.Identity, wide)}}
			}, own, "",
		},
		{
			"of a policy of two",
			func(w *cutWorld) {
				p := []*inventory.Policy{{Name: "p", ARN: "arn:aws:iam::111111111111:policy/p", Doc: cutDoc(policy.Identity, wide)}}
				w.ann.Attached, w.bob.Attached = p, p
			}, own, "Action GetObject 1 of 5",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newCutWorld(t, tt.world)
			q := tt.q
			q.Resource, q.Actions = "data", []string{"s3:GetObject"}
			ans, err := s.Cut(q)
			if err != nil {
				t.Fatal(err)
			}
			size := func(list []solver.CutLoss) (n int) {
				for _, l := range list {
					n += len(l.Principals) * len(l.Resources) * (len(l.Actions) + l.More)
				}
				return n
			}
			var got []string
			for _, c := range ans.Cut {
				e := c.Instead
				if e == nil {
					continue
				}
				line := e.Element
				for _, text := range e.Remove {
					line += " " + text[strings.LastIndexByte(text, ':')+1:]
					if !strings.Contains(e.Change, fmt.Sprintf("%q", text)) || strings.Contains(e.Statement, `"`+text+`"`) {
						t.Errorf("%q is to go, by %s; what stays is %s", text, e.Change, e.Statement)
					}
				}
				got = append(got, fmt.Sprintf("%s %d of %d", line, size(e.Breaks), size(c.Breaks)))
			}
			if text := strings.Join(got, ", "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}
