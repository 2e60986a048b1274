package cloudformation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pathfinder/collector/cloudformation"
)

// A drawn statement is written into a template; wanted is what it comes to, nil
// when something in it is not known.
type drawn struct{ template, wanted map[string]any }

func statements() *rapid.Generator[drawn] {
	return rapid.Custom(func(t *rapid.T) drawn {
		d := drawn{template: map[string]any{}, wanted: map[string]any{}}
		open := false
		put := func(key, plain string) {
			var v any = plain
			switch rapid.IntRange(0, 6).Draw(t, "how") {
			case 0:
				v = map[string]any{"Fn::Join": []any{"", []any{plain[:1], map[string]any{"Fn::Sub": plain[1:]}}}}
			case 1:
				v = map[string]any{"Fn::If": []any{"Yes", plain, map[string]any{"Ref": "Open"}}}
			case 2:
				v = map[string]any{"Fn::Select": []any{"1", []any{map[string]any{"Ref": "Open"}, plain}}}
			case 3:
				v, open = map[string]any{"Fn::Join": []any{"", []any{plain, map[string]any{"Ref": "Open"}}}}, true
			}
			d.template[key], d.wanted[key] = v, plain
		}
		put("Effect", rapid.SampledFrom([]string{"Allow", "Deny"}).Draw(t, "effect"))
		put("Action", rapid.SampledFrom([]string{"s3:GetObject", "sqs:*", "iam:PassRole"}).Draw(t, "action"))
		put("Resource", rapid.SampledFrom([]string{"*", "arn:aws:s3:::a/*"}).Draw(t, "resource"))
		if open {
			d.wanted = nil
		}
		return d
	})
}

// Law: a document comes out with as many statements as it has, each the one that
// was written, or one that says that it is not known; and the same in JSON as
// in YAML, every time.
func TestStatementsAreKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(statements(), 1, 5).Draw(t, "statements")
		var written []any
		for _, d := range list {
			written = append(written, d.template)
		}
		template := map[string]any{
			"Parameters": map[string]any{"Open": map[string]any{"Type": "String"}},
			"Conditions": map[string]any{"Yes": map[string]any{"Fn::Equals": []any{"a", "a"}}},
			"Resources": map[string]any{"P": map[string]any{"Type": "AWS::IAM::ManagedPolicy", "Properties": map[string]any{
				"ManagedPolicyName": "p", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": written},
			}}},
		}
		b, err := json.Marshal(template, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		asJSON := document(t, dir, append([]byte("\n"), b...)) // its lines are those of the YAML
		if asYAML := document(t, dir, append([]byte("# YAML\n"), b...)); string(asJSON) != string(asYAML) {
			t.Errorf("as JSON %s\nas YAML %s", asJSON, asYAML)
		}
		var got struct{ Statement []map[string]any }
		if err := json.Unmarshal(asJSON, &got); err != nil || len(got.Statement) != len(list) {
			t.Fatalf("of %d statements came %s (%v)", len(list), asJSON, err)
		}
		for i, d := range list {
			if d.wanted == nil {
				if got.Statement[i]["UnknownBecause"] == nil {
					t.Errorf("statement %d is %v, and is not known", i, got.Statement[i])
				}
			} else if diff := cmp.Diff(d.wanted, got.Statement[i]); diff != "" {
				t.Errorf("statement %d (-want +got)\n%s", i, diff)
			}
		}
	})
}

// document deploys a template and returns the policy p.
func document(t *rapid.T, dir string, template []byte, parameters ...string) jsontext.Value {
	file := filepath.Join(dir, "app.template")
	if err := os.WriteFile(file, template, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err := cloudformation.Apply(world(), cloudformation.Config{Templates: []string{file}, Account: account, Region: region, Parameters: parameters})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out.Accounts[0].IAM.Policies {
		if p.PolicyName == "p" {
			return p.PolicyVersionList[0].Document
		}
	}
	t.Fatal(fmt.Errorf("the policy is not there"))
	return nil
}

// expressions draws what Resource may be written as: functions of a parameter
// without value, and of others.
func expressions() *rapid.Generator[any] {
	plain := rapid.SampledFrom([]string{"a", "b", "x", "a,x"})
	ref := rapid.SampledFrom([]any{
		map[string]any{"Ref": "Open"}, map[string]any{"Ref": "Known"}, map[string]any{"Fn::Sub": "${Open}"}, map[string]any{"Fn::Sub": "${Known}${!x}"},
	})
	return rapid.Custom(func(t *rapid.T) any {
		var draw func(depth int) any
		var test func(depth int) any
		test = func(depth int) any {
			if depth == 0 {
				return map[string]any{"Condition": rapid.SampledFrom([]string{"Yes", "No", "Open"}).Draw(t, "condition")}
			}
			switch rapid.IntRange(0, 3).Draw(t, "test") {
			case 0:
				return map[string]any{"Fn::Equals": []any{draw(depth - 1), draw(depth - 1)}}
			case 1:
				return map[string]any{"Fn::And": []any{test(depth - 1), test(depth - 1)}}
			case 2:
				return map[string]any{"Fn::Or": []any{test(depth - 1), test(depth - 1)}}
			}
			return map[string]any{"Fn::Not": []any{test(depth - 1)}}
		}
		draw = func(depth int) any {
			if depth == 0 {
				return plain.Draw(t, "text")
			}
			switch rapid.IntRange(0, 6).Draw(t, "function") {
			case 0:
				return ref.Draw(t, "ref")
			case 1:
				return map[string]any{"Fn::Join": []any{"-", []any{draw(depth - 1), draw(depth - 1)}}}
			case 2:
				return map[string]any{"Fn::Select": []any{rapid.SampledFrom([]string{"0", "1"}).Draw(t, "index"), []any{draw(depth - 1), draw(depth - 1)}}}
			case 3:
				return map[string]any{"Fn::If": []any{test(depth), draw(depth - 1), draw(depth - 1)}}
			case 4:
				return map[string]any{"Fn::Sub": []any{"<${v}>", map[string]any{"v": draw(depth - 1)}}}
			case 5:
				return map[string]any{"Fn::Select": []any{"0", map[string]any{"Fn::Split": []any{",", draw(depth - 1)}}}}
			}
			return draw(0)
		}
		return draw(3)
	})
}

// Law: what is known without the value of a parameter is the same whatever the
// value is.
func TestUnknownIsCautious(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	known := 0
	rapid.Check(t, func(t *rapid.T) {
		template := map[string]any{
			"Transform": "AWS::LanguageExtensions",
			"Parameters": map[string]any{
				"Open": map[string]any{"Type": "String"}, "Known": map[string]any{"Type": "String", "Default": "x"},
			},
			"Conditions": map[string]any{
				"Yes":  map[string]any{"Fn::Equals": []any{"a", "a"}},
				"No":   map[string]any{"Fn::Not": []any{map[string]any{"Condition": "Yes"}}},
				"Open": map[string]any{"Fn::Equals": []any{map[string]any{"Ref": "Open"}, "x"}},
			},
			"Resources": map[string]any{"P": map[string]any{"Type": "AWS::IAM::ManagedPolicy", "Properties": map[string]any{
				"ManagedPolicyName": "p", "PolicyDocument": map[string]any{"Statement": []any{map[string]any{
					"Effect": "Allow", "Action": "*", "Resource": expressions().Draw(t, "expression"),
				}}},
			}}},
		}
		b, err := json.Marshal(template, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		open := document(t, dir, b)
		if strings.Contains(string(open), "UnknownBecause") {
			return
		}
		known++
		for _, v := range []string{"x", "a", "b", "a,x", ""} {
			if given := document(t, dir, b, "Open="+v); string(given) != string(open) {
				t.Fatalf("%s\nwithout a value it is %s, with %q it is %s", b, open, v, given)
			}
		}
	})
	if known == 0 {
		t.Error("nothing was known, so nothing was tested")
	}
}
