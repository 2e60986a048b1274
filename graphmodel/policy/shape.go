package policy

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
)

// A shape is an ARN pattern of a resource type, ready to compare.
type shape struct {
	field [6]arn.Glob
	whole arn.Glob
	text  string // the sixth field as documented: table/${TableName}
	full  bool   // all that has this ARN has the documented region and account
}

// owned are services of which AWS itself has nothing for all accounts, so that a region
// and an account stand in every ARN that is documented with them. Elsewhere these may be
// empty in ARNs of AWS's own, whatever is documented: arn:aws:ssm:us-east-1::document/AWS-RunShellScript.
// Source: Service Authorization Reference, and the policies that AWS manages, 2026 crawl.
var owned = []string{
	"acm", "athena", "codebuild", "codecommit", "codepipeline", "cognito-identity", "cognito-idp", "dynamodb", "ecr", "ecs",
	"elasticfilesystem", "es", "firehose", "glue", "iam", "kinesis", "kms", "lambda", "logs", "rds", "redshift",
	"secretsmanager", "sns", "sqs", "states", "sts",
}

// overlaps compares field by field; with strict, a documented region or account
// must not be left out.
func (s *shape) overlaps(g *[6]arn.Glob, strict bool) bool {
	for i := 5; i > 0; i-- {
		switch placed := i == 3 || i == 4; {
		case !arn.Overlaps(s.field[i], g[i]),
			placed && strict && (s.field[i] == "") != (g[i] == ""),
			placed && s.full && s.field[i] != "" && g[i] == "":
			return false
		}
	}
	return true
}

// A shapeIndex holds the shapes of all resource types by the service field of
// their ARNs, which is not always the prefix of their actions.
type shapeIndex struct {
	byService map[string][]shape
	services  []string // with or without shapes, sorted
	accounts  []string // names that stand in the account field
}

// shapes returns the index. The first call builds it, in some milliseconds.
var shapes = sync.OnceValue(func() *shapeIndex {
	x := &shapeIndex{byService: map[string][]shape{}, accounts: []string{"aws", "cloudfront"}}
	c := catalog.Default()
	for _, service := range c.Services() {
		for _, t := range c.ResourceTypes(service) {
			for _, text := range t.ARNs {
				x.add(text)
			}
		}
	}
	x.services = c.Services()
	for service := range x.byService {
		x.services = append(x.services, service)
	}
	slices.Sort(x.services)
	x.services = slices.Compact(x.services)
	return x
})

func (x *shapeIndex) add(text string) {
	fields := strings.SplitN(text, ":", 6)
	if len(fields) != 6 || strings.ContainsAny(fields[2], "*$") {
		return // patterns of any service say nothing
	}
	s := shape{text: fields[5], whole: arn.NewGlob(masked(text)), full: slices.Contains(owned, fields[2])}
	for i, f := range fields {
		s.field[i] = arn.NewGlob(masked(f))
	}
	x.byService[fields[2]] = append(x.byService[fields[2]], s)
}

// serviceNear returns the service that was probably meant by a name that is
// none, or "".
func (x *shapeIndex) serviceNear(name string) string {
	if _, known := slices.BinarySearch(x.services, name); known || len(name) < 4 {
		return ""
	}
	return nearest(name, x.services)
}

// heads lists the words with which resource parts of a service start.
func (x *shapeIndex) heads(service string) []string {
	var out []string
	for _, s := range x.byService[service] {
		if i := strings.IndexAny(s.text, "/:$*"); i > 0 && (s.text[i] == '/' || s.text[i] == ':') {
			out = append(out, s.text[:i])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// examples lists a few resource parts of a service, as documented.
func (x *shapeIndex) examples(service string) string {
	var out []string
	for _, s := range x.byService[service] {
		if !slices.Contains(out, s.text) {
			out = append(out, s.text)
		}
	}
	if more := len(out) > 4; more {
		out = append(out[:4], "…")
	}
	return strings.Join(out, ", ")
}
