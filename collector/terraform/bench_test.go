package terraform_test

import (
	"fmt"
	"testing"

	"pathfinder/collector/terraform"
)

// BenchmarkApply reads and applies a plan that makes a thousand roles with a
// policy each, which refers to its role.
func BenchmarkApply(b *testing.B) {
	var list []change
	for i := range 1000 {
		list = append(
			list,
			change{address: fmt.Sprintf("aws_iam_role.r%d", i), kind: "aws_iam_role", actions: "create", after: fmt.Sprintf(`"name":"r%d","tags_all":{},"assume_role_policy":%s`, i, quote(read)), unknown: `"arn":true`},
			change{address: fmt.Sprintf("aws_iam_role_policy.p%d", i), kind: "aws_iam_role_policy", actions: "create", after: fmt.Sprintf(`"name":"p","policy":%s`, quote(read)), unknown: `"role":true`, config: fmt.Sprintf(`"role":{"references":["aws_iam_role.r%[1]d.id","aws_iam_role.r%[1]d"]}`, i)},
		)
	}
	file, s := plan(list...), load(b)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		p, err := terraform.Parse(file)
		if err != nil {
			b.Fatal(err)
		}
		if _, changes, err := p.Apply(s, terraform.Options{}); err != nil || len(changes) != 2000 {
			b.Fatalf("%d changes, error %v", len(changes), err)
		}
	}
}
