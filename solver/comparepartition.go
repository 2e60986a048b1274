package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// partitions are those of AWS, the usual one first ("Partitions", AWS fault isolation
// boundaries). Principals of one never meet resources of another (E99).
var partitions = []string{"aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

// partitionsIn lists the partitions that statements are about, the usual one where they
// don't say. The resource is in the one that its ARNs have; where no Resource element
// tells, those whom Principal elements name are in it, and else those that conditions
// ask for.
func partitionsIn(statements []*policy.Statement) []string {
	var resources, principals, conditions []string
	for _, st := range statements {
		for i := range st.Resources {
			if !st.NotResource {
				resources = append(resources, st.Resources[i].Text)
			}
		}
		for i := range st.Principals {
			principals = append(principals, st.Principals[i].Text)
		}
		for i := range st.Conditions {
			conditions = append(conditions, st.Conditions[i].Values...)
		}
	}
	for _, texts := range [][]string{resources, principals, conditions} {
		var out []string
		for _, text := range texts {
			if p := partitionTold(text); p != "" && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
		if len(out) > 0 {
			slices.Sort(out)
			return out
		}
	}
	return partitions[:1]
}

// partitionTold returns the partition that an ARN or a pattern asks for; "" where it
// takes the usual one among others, or is none.
func partitionTold(text string) string {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" || strings.Contains(parts[1], "${") {
		return ""
	}
	if !strings.ContainsAny(parts[1], "*?") {
		return parts[1]
	}
	glob := arn.NewGlob(parts[1])
	if i := slices.IndexFunc(partitions, glob.Match); i > 0 {
		return partitions[i]
	}
	return ""
}

// anotherPartition returns a partition that is another one.
func anotherPartition(partition string) string {
	if partition == "aws-cn" {
		return "aws"
	}
	return "aws-cn"
}
