package policy_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Slips in the JSON itself: what a person is told, and where. The commoner
// ones stand in testdata/faults.golden.
func TestSyntax(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		line, column     int
	}{
		{name: "byte order mark", text: "\uFEFF{}", want: "byte order mark", line: 1, column: 1},
		{name: "two documents", text: "{\"Statement\":[]}\n{\"Statement\":[]}", want: "goes on behind its end", line: 2, column: 1},
		{name: "a bracket of the wrong kind", text: "{\"Statement\":[}", want: "this '}' does not match; nothing closes the '[' of line 1, column 14", line: 1, column: 15},
		{name: "a key and no colon", text: `{"Version" "2012-10-17"}`, want: `a colon is expected between key and value, not '"'`, line: 1, column: 12},
		{name: "an equals sign", text: `{"Version"="2012-10-17"}`, want: `not '='`, line: 1, column: 11},
		{name: "a semicolon", text: `{"Id":"a"; "Version":"b"}`, want: "a comma or a closing bracket is expected here, not ';'", line: 1, column: 10},
		{name: "two commas", text: `{"Id":"a",,"Version":"b"}`, want: "a comma too many", line: 1, column: 11},
		{name: "a comma too many before a brace", text: `{"Id":"a",}`, want: "before the closing '}'", line: 1, column: 10},
		{name: "Python's True", text: `{"Id":True}`, want: "JSON writes true, not True", line: 1, column: 7},
		{name: "Python's None", text: `{"Id":None}`, want: "JSON writes null, not None", line: 1, column: 7},
		{name: "single quotes", text: `{'Id':'a'}`, want: "straight double quotes", line: 1, column: 2},
		{name: "a hash comment", text: "{\n# note\n}", want: "no comments", line: 2, column: 1},
		{name: "an unclosed text at the end", text: "{\n\"Id\":\"a}", want: "nothing closes the text that starts at line 2, column 6", line: 2, column: 9},
		{name: "an escaped quote does not close", text: `{"Id":"a\"}`, want: "nothing closes the text", line: 1, column: 12},
		{name: "a backslash", text: `{"Id":"C:\dir"}`, want: "a backslash is written twice", line: 1, column: 10},
		{name: "bytes that are no UTF-8", text: "{\"Id\":\"\xff\"}", want: "invalid UTF-8", line: 1, column: 8},
		{name: "no value at the end of a list", text: `{"Statement":[{},]}`, want: "before the closing ']'", line: 1, column: 17},
		{name: "something else altogether", text: "<html>", want: "invalid character '<'", line: 1, column: 1},
		{name: "nested without end", text: strings.Repeat("[", 100), want: "nested deeper than 32", line: 1, column: 34},
		{name: "a number as key", text: `{5:1}`, want: "a key in double quotes", line: 1, column: 2},
		{name: "a key of its own kind outside of braces", text: `"Version": "2012-10-17"`, want: "braces are missing around it", line: 1, column: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(tt.text), policy.Identity)
			if len(d.Faults) != 1 {
				t.Fatalf("%q has the faults %v, want one", tt.text, d.Faults)
			}
			f := d.Faults[0]
			if !strings.Contains(f.Message, tt.want) || f.Place.Line != tt.line || f.Place.Column != tt.column {
				t.Errorf("%q: %v; want %q at line %d, column %d", tt.text, f, tt.want, tt.line, tt.column)
			}
			if f.Severity != policy.Broken || f.Statement != -1 || !d.Unreadable() {
				t.Errorf("severity %v, statement %d", f.Severity, f.Statement)
			}
		})
	}
}

// Values of the wrong kind, where a text or a list of texts should stand.
func TestWrongKindsOfValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		severity         policy.Severity
	}{
		{name: "E4 Id", text: `{"Id":5,"Statement":[]}`, want: "Id is a text, not a number", severity: policy.Refused},
		{name: "E4 Sid", text: `{"Statement":{"Sid":true,` + allow + `}}`, want: "Sid is a text, not a boolean", severity: policy.Refused},
		{name: "E1 Statement", text: `{"Statement":"Allow"}`, want: "a list of objects, not a text", severity: policy.Broken},
		{name: "E1 the document", text: `[]`, want: "a policy is a JSON object with a Statement, not a list", severity: policy.Broken},
		{name: "E2 Version", text: `{"Version":null,"Statement":[]}`, want: `no policy version "null"`, severity: policy.Broken},
		{name: "E7 a list in a list", text: `{"Statement":{"Effect":"Allow","Action":[["s3:*"]],"Resource":"*"}}`, want: "not a list", severity: policy.Broken},
		{name: "E46 Condition", text: `{"Statement":{` + allow + `,"Condition":["Bool"]}}`, want: "Condition is an object of operators", severity: policy.Broken},
		{name: "E47 an operator far from all others", text: `{"Statement":{` + allow + `,"Condition":{"x":{"aws:y":"1"}}}}`, want: `there is no condition operator "x"`, severity: policy.Broken},
		{name: "E59 a resource with blanks before", text: `{"Statement":{"Effect":"Allow","Action":"*","Resource":" ARN:aws:s3:::data"}}`, want: `did you mean "arn:aws:s3:::data"?`, severity: policy.Broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(tt.text), policy.Resource)
			if len(d.Faults) == 0 || !strings.Contains(d.Faults[0].Message, tt.want) || d.Faults[0].Severity != tt.severity {
				t.Errorf("%s has the faults %v, want %v: %q", tt.text, d.Faults, tt.severity, tt.want)
			}
		})
	}
}
