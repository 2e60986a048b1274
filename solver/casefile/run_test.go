package casefile_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/solver/casefile"
)

const (
	ann   = `"principal":"arn:aws:iam::111111111111:user/ann"`
	read  = `"action":"s3:GetObject","resource":"arn:aws:s3:::data/k1","resourceAccount":"111111111111"`
	grant = `"policies":{"identity":[{"name":"p","document":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}]}`
)

// decision writes a line that asks whether ann may read.
func decision(id, rest string) string {
	return `{"id":"` + id + `","request":{` + ann + `,` + read + `}` + rest + `}`
}

// run answers all of text.
func run(t *testing.T, text string) ([]casefile.Result, error) {
	t.Helper()
	var out []casefile.Result
	err := casefile.Run(strings.NewReader(text), func(r casefile.Result) error {
		out = append(out, r)
		return nil
	})
	return out, err
}

// ids writes the answers as "id decision".
func ids(list []casefile.Result) []string {
	out := []string{}
	for _, r := range list {
		word := r.Decision
		if r.Answer != "" {
			word = string(r.Answer)
		}
		out = append(out, r.ID+" "+word)
	}
	return out
}

func TestRunShapes(t *testing.T) {
	t.Parallel()
	yes, no := decision("yes", ","+grant), decision("no", "")
	want := []string{"yes Allowed", "no ImplicitlyDenied"}
	tests := []struct{ name, text string }{
		{"lines", yes + "\n" + no + "\n"},
		{"lines without a last newline", yes + "\n" + no},
		{"blank lines", "\n\n" + yes + "\n \t\r\n\n" + no + "\n\n"},
		{"Windows line ends", yes + "\r\n" + no + "\r\n"},
		{"an array", "[" + yes + "," + no + "]"},
		{"an indented array", " \n[\n  " + yes + ",\n  " + no + "\n]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, ids(got)); diff != "" {
				t.Errorf("Run(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	good := decision("good", "")
	tests := []struct {
		name, text string
		answers    int    // before the error
		names      string // what the error has to say
	}{
		{"nothing", "", 0, "no case"},
		{"only blanks", " \n\t\n", 0, "no case"},
		{"broken first line", `{"id":`, 0, "case 1"},
		{"broken second line", good + "\n{]\n", 1, "case 2"},
		{"broken element", "[" + good + ",{]", 1, "case 2"},
		{"no comma", "[" + good + good + "]", 1, ""},
		{"unclosed array", "[" + good, 1, ""},
		{"text behind the array", "[" + good + "] x", 1, "after the last case"},
		{"a case that asks nothing", `{"id":"empty"}`, 0, `case 1 ("empty")`},
		{"a principal that is none", `{"id":"who","request":{"principal":"ann",` + read + `}}`, 0, `case 1 ("who")`},
		{"no principal", `{"id":"who","request":{` + read + `}}`, 0, `case 1 ("who")`},
		{"no action", `{"id":"what","request":{` + ann + `}}`, 0, `case 1 ("what")`},
		{"an operator that is none", `{"id":"op","operator":"StringIs","conditionKey":"k","policyValues":["a"]}`, 0, `"StringIs"`},
		{"an expectation of another type", decision("x", `,"expect":[1]`), 0, `case 1 ("x"): expect: an object is expected here`},
		{"gates of another type", decision("x", `,"expect":{"blockedBy":"scp"}`), 0, `expect: /blockedBy: a list is expected here`},
		{"a bare expectation of another type", `{"id":"e","element":"Action","policyValues":["*"],"requestValue":"s3:a","expect":{}}`, 0, `case 1 ("e"): expect: `},
		{"a context of another type", `{"id":"x","request":{` + ann + `,` + read + `,"context":{"k":{"a":1}}}}`, 0, `case 1 ("x"): context "k": a text, number or boolean is expected, not an object`},
		{"a list in a list", `{"id":"x","request":{` + ann + `,` + read + `,"context":{"k":[["a"]]}}}`, 0, `context "k"`},
		{"a context of a further check", decision("x", `,"settings":{"alsoRequired":[{"action":"s3:PutObject"},{"action":"s3:PutObject","context":{"k":{}}}]}`), 0, `alsoRequired 2: context "k"`},
		{"a wrong type deep inside", `{"id":"deep","policies":{"identity":{}}}`, 0, `case 1 ("deep"): /policies/identity: a list is expected here`},
		{"the id behind the fault", `{"settings":3,"id":"late"}`, 0, `case 1 ("late"): /settings: an object is expected here`},
		{"a switch that is a text", decision("x", `,"settings":{"s3BlockPublicAccess":"yes"}`), 0, `/settings/s3BlockPublicAccess: true or false is expected here`},
		{"junk behind a line", good + "\nx\n", 1, "case 2"},
		{"a policy value that is an object", `{"id":"op","operator":"StringEquals","conditionKey":"k","policyValues":{}}`, 0, `case 1 ("op"): policyValues`},
		{"a request value that is an object", `{"id":"op","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"requestValue":{}}`, 0, `case 1 ("op"): requestValue`},
		{"a context of a test", `{"id":"op","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"context":{"x":{}}}`, 0, `case 1 ("op"): context "x"`},
		{"a field of another type", `{"id":7}`, 0, "case 1"},
		{"not an object", good + "\n3\n", 1, "case 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.names) {
				t.Errorf("Run(%q): error %v, want one that says %q", tt.text, err, tt.names)
			}
			if len(got) != tt.answers {
				t.Errorf("Run(%q): %d answers before the error, want %d", tt.text, len(got), tt.answers)
			}
		})
	}
}

// errorReader fails after some text.
type errorReader struct {
	text io.Reader
	err  error
}

func (r *errorReader) Read(p []byte) (int, error) {
	n, err := r.text.Read(p)
	if errors.Is(err, io.EOF) {
		err = r.err
	}
	return n, err
}

func TestRunPassesErrorsOn(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	if err := casefile.Run(strings.NewReader(decision("a", "")), func(casefile.Result) error { return full }); !errors.Is(err, full) {
		t.Errorf("yield failed with %v, Run says %v", full, err)
	}
	for _, text := range []string{"", " ", decision("a", "") + "\n", "[" + decision("a", "") + ","} {
		broken := &errorReader{strings.NewReader(text), full}
		if err := casefile.Run(broken, func(casefile.Result) error { return nil }); !errors.Is(err, full) {
			t.Errorf("reading failed with %v after %q, Run says %v", full, text, err)
		}
	}
}

func TestRunExpectations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		expects    bool
		differs    string
	}{
		{"none", decision("x", ""), false, ""},
		{"met", decision("x", `,"expect":{"decision":"ImplicitlyDenied"}`), true, ""},
		{"not met", decision("x", `,"expect":{"decision":"Allowed"}`), true, "expected Allowed, got ImplicitlyDenied"},
		{"about something else", decision("x", `,"expect":{"why":"nothing"}`), false, ""},
		{"null", decision("x", `,"expect":null`), false, ""},
		{"gates met", decision("x", `,"expect":{"decision":"ImplicitlyDenied","blockedBy":["identity"]}`), true, ""},
		{"gates met in any order", decision("x", `,"expect":{"blockedBy":["identity","scp"]},"policies":{"serviceControl":[{"target":"r","policies":[]}]}`), true, ""},
		{"one gate too many", decision("x", `,"expect":{"decision":"ImplicitlyDenied","blockedBy":["identity","pb"]}`), true, "expected to be blocked by identity, pb, got identity"},
		{"no gates", decision("x", `,"expect":{"blockedBy":[]}`), true, "expected to be blocked by nothing, got identity"},
		{"everything differs", decision("x", `,"expect":{"decision":"ExplicitlyDenied","blockedBy":["scp"]}`), true, "expected ExplicitlyDenied, got ImplicitlyDenied; expected to be blocked by scp, got identity"},
		{"condition met", `{"id":"c","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"requestValue":"a","expect":true}`, true, ""},
		{"condition not met", `{"id":"c","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"requestValue":"b","expect":true}`, true, "expected true, got false"},
		{"condition without expectation", `{"id":"c","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"requestValue":"b"}`, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, tt.text)
			if err != nil || len(got) != 1 {
				t.Fatalf("Run(%s) = %v, %v", tt.text, got, err)
			}
			if got[0].Expects != tt.expects || got[0].Differs != tt.differs {
				t.Errorf("Run(%s): expects %t, differs %q; want %t, %q", tt.text, got[0].Expects, got[0].Differs, tt.expects, tt.differs)
			}
		})
	}
}

func TestRunConditions(t *testing.T) {
	t.Parallel()
	test := func(rest string) string { return `{"id":"c","conditionKey":"aws:PrincipalTag/a",` + rest + `}` }
	tests := []struct {
		name, text string
		want       bool
	}{
		{"equal", test(`"operator":"StringEquals","policyValues":["a","b"],"requestValue":"b"`), true},
		{"a bare policy value", test(`"operator":"StringEquals","policyValues":"a","requestValue":"a"`), true},
		{"a number", test(`"operator":"NumericLessThan","policyValues":["10"],"requestValue":9`), true},
		{"a boolean", test(`"operator":"Bool","policyValues":["true"],"requestValue":true`), true},
		{"absent, positive", test(`"operator":"StringEquals","policyValues":["a"]`), false},
		{"absent, negated", test(`"operator":"StringNotEquals","policyValues":["a"]`), true},
		{"absent by keyExists", test(`"operator":"StringEqualsIfExists","policyValues":["a"],"keyExists":false`), true},
		{"keyExists beats the value", test(`"operator":"Null","policyValues":["true"],"requestValue":"a","keyExists":false`), true},
		{"a list", test(`"operator":"ForAllValues:StringEquals","policyValues":["a","b"],"requestValue":["a","c"]`), false},
		{"some of a list", test(`"operator":"ForAnyValue:StringEquals","policyValues":["a"],"requestValue":["c","a"]`), true},
		{"an empty list", test(`"operator":"ForAllValues:StringEquals","policyValues":["a"],"requestValue":[]`), true},
		{"a long number keeps its digits", test(`"operator":"StringEquals","policyValues":[111122223333],"requestValue":111122223333`), true},
		{"a number beyond all bounds", test(`"operator":"NumericLessThan","policyValues":[1e999999999],"requestValue":1`), false},
		{"a null value", test(`"operator":"Null","policyValues":[true],"requestValue":null`), true},
		{"a variable", test(`"operator":"StringEquals","policyValues":["${aws:username}"],"requestValue":"ann","context":{"aws:username":"ann"}`), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, tt.text)
			if err != nil || len(got) != 1 || got[0].Answer == "" {
				t.Fatalf("Run(%s) = %v, %v", tt.text, got, err)
			}
			if string(got[0].Answer) != fmt.Sprint(tt.want) {
				t.Errorf("Run(%s) = %s, want %t", tt.text, got[0].Answer, tt.want)
			}
		})
	}
}

func FuzzCasefile(f *testing.F) {
	f.Add([]byte(decision("a", ","+grant)))
	f.Add([]byte("[" + decision("a", `,"settings":{"s3":{"ownership":"ObjectWriter","objectAcl":[{"grantee":"AllUsers","permission":"READ"}]},"kmsGrants":[{"grantee":"x","operations":["Decrypt"]}],"accessPoint":{"arn":"x"},"alsoRequired":[{"action":"kms:Decrypt","resource":"*"}]}`) + "]"))
	f.Add([]byte(`{"id":"c","operator":"ForAnyValue:ArnLike","conditionKey":"aws:TagKeys","policyValues":"${a, 'b'}","requestValue":[null,1,{}]}`))
	f.Add([]byte(`{"id":"e","element":"NotResource","policyValues":["arn:aws:s3:::${aws:username}"],"requestValue":"arn:aws:s3:::*","requestIsPattern":true,"policyType":"serviceControl","context":{"a":null}}`))
	f.Add([]byte(`{"id":"p","element":"NotPrincipal","effect":"Deny","policyValues":{"AWS":["1","*"],"Service":"a.b"},"requestValue":"arn:aws:sts::111111111111:assumed-role/a/b"}`))
	f.Add([]byte(`{"id":"b","element":"s3BucketPolicyIsPublic","policy":{"Statement":[]}}`))
	f.Add([]byte("\n[]"))
	f.Add([]byte("{}{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		n := 0
		err := casefile.Run(strings.NewReader(string(text)), func(r casefile.Result) error {
			if n++; r.Decision == "" && r.Answer == "" {
				t.Fatalf("answer %d to %q says nothing", n, text)
			}
			return nil
		})
		if n > len(text) {
			t.Fatalf("%d answers to %d bytes (%v)", n, len(text), err)
		}
	})
}
