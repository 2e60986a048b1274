package solver_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A way that many grants open, each without the others, is closed by all of them, or by what
// they all need (E128).
func TestCutOfManyGrants(t *testing.T) {
	t.Parallel()
	const (
		many   = 12
		key    = "arn:aws:kms:eu-west-1:111111111111:key/k"
		keyAll = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}`
		annToo = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/extra/*"}`
	)
	var each, all []string
	for i := range many {
		each = append(each, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/%d/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.%d"}}}`, i, i))
		all = append(all, fmt.Sprintf("cut identity-policy user/ann/own #%d", i))
	}
	sealed := func(w *cutWorld) {
		w.data.EncryptionKey = key
		w.more = []*inventory.Resource{{
			ARN: key, Type: "AWS::KMS::Key", Name: "k", Region: "eu-west-1", Account: "111111111111",
			Policy: cutDoc(policy.Resource, keyAll), HasGrants: inventory.Have,
		}}
		w.ann.Inline = may(append(each[:many:many], `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`)...)
	}
	q := solver.CutQuestion{From: []string{"ann"}, Brief: true}
	tests := []cutRow{
		{name: "all", world: func(w *cutWorld) { w.ann.Inline = may(each...) }, q: q, want: all},
		{
			name: "all, and the policy of the bucket",
			world: func(w *cutWorld) {
				w.ann.Inline, w.data.Policy = may(each...), cutDoc(policy.Resource, annToo)
				blockNothing(w)
			},
			q: q, want: append([]string{"cut resource-policy data #0"}, all...),
		},
		{name: "what all need", world: sealed, q: q, want: []string{fmt.Sprintf("cut identity-policy user/ann/own #%d", many)}},
	}
	for i := range tests {
		tests[i].run(t)
	}
}
