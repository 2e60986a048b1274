package policy_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// A document is generated as structure and written as text, so that every
// form that AWS takes appears: bare values and lists, both versions, all kinds.
type document struct {
	kind policy.Kind
	text string
}

var (
	genKind = rapid.SampledFrom([]policy.Kind{
		policy.Identity, policy.Boundary, policy.Session, policy.Trust, policy.Resource, policy.SCP, policy.RCP, policy.Endpoint,
	})
	genPrincipal = rapid.SampledFrom([][2]string{
		{"AWS", "*"},
		{"AWS", "111111111111"},
		{"AWS", "arn:aws:iam::111111111111:root"},
		{"AWS", "arn:aws:iam::111111111111:user/team/ann"},
		{"AWS", "arn:aws:iam::111111111111:role/app"},
		{"AWS", "arn:aws:iam::111111111111:role/*"},
		{"AWS", "arn:aws:sts::111111111111:assumed-role/app/s1"},
		{"AWS", "AROAEXAMPLE"},
		{"Service", "sns.amazonaws.com"},
		{"Federated", "arn:aws:iam::111111111111:saml-provider/corp"},
		{"CanonicalUser", "aaaa"},
	})
	genAction = rapid.SampledFrom([]string{
		"*", "s3:*", "s3:GetObject", "S3:getobject", "s3:Get?bject", "sts:AssumeRole", "no:Such",
	})
	genResource = rapid.SampledFrom([]string{
		"*", "arn:aws:s3:::data", "arn:aws:s3:::data/${aws:username}/*", "arn:aws:s3:::${*}${aws:x, 'none'}", "arn:aws:sqs:*:q1",
		"arn:aws:sqs", "arn:aws:s3:::open${", "arn:aws:s3:::\"quoted\" \\ and é",
	})
	genKey = rapid.SampledFrom([]string{
		"aws:username", "AWS:SourceIp", "aws:PrincipalTag/Team", "aws:TagKeys", "s3:prefix", "aws:CurrentTime", "k/~1",
	})
	genValue = rapid.SampledFrom([]string{
		"", "a", "a*", "?", "true", "False", "5", "-2.50", "2026-01-31", "2026-01-31T10:00:00Z", "10.0.0.0/8", "10.1.2.3",
		"::1", "arn:aws:iam::111111111111:role/*", "${aws:username}", "${*}", "x${aws:y, 'd'}z", "dGV4dA==", "<&>",
	})
	genOperator = rapid.Custom(func(t *rapid.T) string {
		base := rapid.SampledFrom(operatorNames).Draw(t, "base")
		if base == "Null" {
			return base
		}
		return rapid.SampledFrom([]string{"", "ForAllValues:", "ForAnyValue:"}).Draw(t, "set") + base +
			rapid.SampledFrom([]string{"", "IfExists"}).Draw(t, "suffix")
	})
)

// operatorNames is the table of the IAM guide.
var operatorNames = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// quoted writes s as JSON.
func quoted(s any) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// some draws one to three of gen, written bare or as a list.
func some(t *rapid.T, gen *rapid.Generator[string], label string) string {
	values := rapid.SliceOfN(gen, 1, 3).Draw(t, label)
	if len(values) == 1 && rapid.Bool().Draw(t, label+" bare") {
		return quoted(values[0])
	}
	return quoted(values)
}

func documents() *rapid.Generator[document] {
	return rapid.Custom(func(t *rapid.T) document {
		kind := genKind.Draw(t, "kind")
		var parts []string
		if v := rapid.SampledFrom([]string{"", "2008-10-17", "2012-10-17"}).Draw(t, "version"); v != "" {
			parts = append(parts, `"Version":`+quoted(v))
		}
		if rapid.Bool().Draw(t, "id") {
			parts = append(parts, `"Id":"doc"`)
		}
		statements := rapid.SliceOfN(statements(kind), 0, 3).Draw(t, "statements")
		body := "[" + strings.Join(statements, ", ") + "]"
		if len(statements) == 1 && rapid.Bool().Draw(t, "bare") {
			body = statements[0]
		}
		parts = append(parts, `"Statement":`+body)
		return document{kind, "{\n" + strings.Join(rapid.Permutation(parts).Draw(t, "order"), ",\n") + "\n}"}
	})
}

func statements(kind policy.Kind) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		not := func(name string) string {
			if rapid.Bool().Draw(t, "not"+name) {
				return `"Not` + name + `":`
			}
			return `"` + name + `":`
		}
		parts := []string{`"Effect":` + rapid.SampledFrom([]string{`"Allow"`, `"Deny"`}).Draw(t, "effect")}
		parts = append(parts, not("Action")+some(t, genAction, "action"))
		if kind != policy.Trust && (kind != policy.Resource || rapid.Bool().Draw(t, "resource")) {
			parts = append(parts, not("Resource")+some(t, genResource, "resources"))
		}
		switch kind {
		case policy.Trust:
			parts = append(parts, `"Principal":`+principals(t))
		case policy.Resource, policy.RCP, policy.Endpoint:
			parts = append(parts, not("Principal")+principals(t))
		case policy.Identity, policy.Boundary, policy.Session, policy.SCP, policy.KindInvalid:
		}
		if sid := rapid.SampledFrom([]string{"", "one", "two words"}).Draw(t, "sid"); sid != "" {
			parts = append(parts, `"Sid":`+quoted(sid))
		}
		if rapid.Bool().Draw(t, "condition") {
			parts = append(parts, `"Condition":`+conditionBlock(t))
		}
		return "{" + strings.Join(rapid.Permutation(parts).Draw(t, "order"), ", ") + "}"
	})
}

func principals(t *rapid.T) string {
	if rapid.Bool().Draw(t, "everyone") {
		return `"*"`
	}
	byType := map[string][]string{}
	for _, p := range rapid.SliceOfN(genPrincipal, 1, 4).Draw(t, "principals") {
		byType[p[0]] = append(byType[p[0]], p[1])
	}
	return quoted(byType)
}

func conditionBlock(t *rapid.T) string {
	var blocks []string
	for _, op := range rapid.SliceOfNDistinct(genOperator, 0, 3, strings.ToLower).Draw(t, "operators") {
		var tests []string
		for _, key := range rapid.SliceOfNDistinct(genKey, 0, 2, strings.ToLower).Draw(t, "keys") {
			tests = append(tests, fmt.Sprintf("%s:%s", quoted(key), some(t, genValue, "values")))
		}
		blocks = append(blocks, fmt.Sprintf("%s:{%s}", quoted(op), strings.Join(tests, ",")))
	}
	return "{" + strings.Join(blocks, ",") + "}"
}

// within draws a glob that covers text, or none.
func within(t *rapid.T, text string) arn.Glob {
	switch rapid.IntRange(0, 3).Draw(t, "within") {
	case 0:
		return arn.Literal(text)
	case 1:
		return arn.NewGlob("*")
	case 2:
		runes := []rune(text)
		n := rapid.IntRange(0, len(runes)).Draw(t, "prefix")
		return arn.Literal(string(runes[:n])) + arn.NewGlob("*")
	}
	return ""
}
