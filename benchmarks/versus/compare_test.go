package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func grantsOf(pairs ...string) grants {
	g := grants{}
	for i := 0; i < len(pairs); i += 2 {
		g.add(pairs[i], pairs[i+1])
	}
	return g
}

// What both allow is counted, what one alone allows is a difference, and what
// the peer would not answer is neither.
func TestCompare(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		mine   grants
		theirs answer
		want   asked
	}{
		"nothing": {},
		"the same": {
			mine: grantsOf("ann", "s3:A", "ann", "s3:B"), theirs: answer{Grants: grantsOf("ann", "s3:B", "ann", "s3:A")},
			want: asked{Both: 2, Principals: 1},
		},
		"different": {
			mine: grantsOf("ann", "s3:B", "bob", "s3:A", "bob", "s3:C"), theirs: answer{Grants: grantsOf("bob", "s3:B", "bob", "s3:C", "cy", "s3:A")},
			want: asked{Both: 1, Principals: 1, Differences: []difference{
				{Principal: "ann", Action: "s3:B", Ours: true},
				{Principal: "bob", Action: "s3:A", Ours: true},
				{Principal: "bob", Action: "s3:B"},
				{Principal: "cy", Action: "s3:A"},
			}},
		},
		"refused": {
			mine:   grantsOf("ann", "s3:A", "ann", "s3:B"),
			theirs: answer{Refused: []refusal{{Principal: "ann", Actions: []string{"s3:A"}, Message: "no"}}},
			want:   asked{Differences: []difference{{Principal: "ann", Action: "s3:B", Ours: true}}},
		},
	} {
		var got asked
		compare(&got, tc.mine, &tc.theirs)
		if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(question{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// Differences without an explanation come first, and sides are kept apart.
func TestGroups(t *testing.T) {
	t.Parallel()
	list := []difference{
		{Principal: "ann", Action: "s3:A", Ours: true, Rule: "E1", Why: "one"},
		{Principal: "ann", Action: "s3:B", Ours: true, Rule: "E1", Why: "one"},
		{Principal: "ann", Action: "s3:C", Rule: "E1", Why: "one"},
		{Principal: "bob", Action: "s3:A", Ours: true, Rule: "E1", Why: "one"},
		{Principal: "bob", Action: "s3:B"},
		{Principal: "cy", Action: "s3:B", Rule: "E2", Why: "two"},
	}
	type brief struct {
		Rule              string
		Ours              bool
		Pairs, Principals int
	}
	var got []brief
	for _, g := range groups(list) {
		got = append(got, brief{g.rule, g.ours, len(g.list), g.principals})
	}
	want := []brief{{"", false, 1, 1}, {"E1", true, 3, 2}, {"E1", false, 1, 1}, {"E2", false, 1, 1}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What is in the bucket is another question, and so are chains.
func TestReadOurs(t *testing.T) {
	t.Parallel()
	q := question{Resource: "arn:aws:s3:::b", Actions: []string{"s3:ListBucket", "s3:PutBucketPolicy"}}
	got, err := readOurs([]byte(`{"pathfinder":"who-can/1","access":[
		{"principal":"ann","resource":"arn:aws:s3:::b","path":[{"principal":"ann"}],"grants":[
			{"actions":["s3:ListBucket","s3:ListBucketVersions"],"resources":["arn:aws:s3:::b"]},
			{"actions":["s3:PutBucketPolicy"],"resources":["arn:aws:s3:::b/*"]}]},
		{"principal":"bob","resource":"arn:aws:s3:::b","path":[{"principal":"bob"},{"principal":"role"}],"grants":[
			{"actions":["s3:ListBucket"],"resources":["arn:aws:s3:::b"]}]},
		{"principal":"cy","resource":"arn:aws:s3:eu-west-1:1:accesspoint/a","path":[{"principal":"cy"}],"grants":[
			{"actions":["s3:ListBucket"],"resources":["arn:aws:s3:eu-west-1:1:accesspoint/a"]}]}]}`), q)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(grantsOf("ann", "s3:ListBucket"), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := readOurs([]byte("none"), q); err == nil {
		t.Error("an answer that is none was read")
	}
}

// What iam-lens prints, as its documentation shows it.
func TestReadLens(t *testing.T) {
	t.Parallel()
	got, err := (&lens{}).read([]byte(`{"simulationCount":4,"allowed":[
		{"principal":"arn:aws:iam::123456789012:role/AnalyticsRole","service":"s3","action":"GetObject","level":"read","conditions":{}}],
		"allAccountsChecked":false,"principalsNotFound":["arn:aws:iam::1:role/gone"]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &answer{
		Simulations: 4, Grants: grantsOf("arn:aws:iam::123456789012:role/AnalyticsRole", "s3:GetObject"), NotFound: []string{"arn:aws:iam::1:role/gone"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
