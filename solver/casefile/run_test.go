package casefile_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
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
		if r.Truth != nil {
			word = fmt.Sprint(*r.Truth)
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
		{"an expectation of another type", decision("x", `,"expect":[1]`), 0, `case 1 ("x")`},
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
		{"a variable", test(`"operator":"StringEquals","policyValues":["${aws:username}"],"requestValue":"ann","context":{"aws:username":"ann"}`), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, tt.text)
			if err != nil || len(got) != 1 || got[0].Truth == nil {
				t.Fatalf("Run(%s) = %v, %v", tt.text, got, err)
			}
			if *got[0].Truth != tt.want {
				t.Errorf("Run(%s) = %t, want %t", tt.text, *got[0].Truth, tt.want)
			}
		})
	}
}

// endless produces n lines and keeps none.
type endless struct {
	line string
	left int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.left == 0 {
			return 0, io.EOF
		}
		e.left--
		e.rest = e.line
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// A file of any length needs the memory of one case.
func TestRunStreams(t *testing.T) { // not parallel: it reads the heap
	const cases = 100_000
	line := `{"id":"c","operator":"StringEquals","conditionKey":"k","policyValues":["a"],"requestValue":"a","context":{"x":"` + strings.Repeat("x", 200) + `"}}` + "\n"
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, most := 0, uint64(0)
	err := casefile.Run(&endless{line: line, left: cases}, func(casefile.Result) error {
		if n++; n%(cases/4) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			most = max(most, after.HeapAlloc)
		}
		return nil
	})
	if err != nil || n != cases {
		t.Fatalf("%d answers, error %v; want %d", n, err, cases)
	}
	if grown := int64(most) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("the heap grew by %d bytes over %d bytes of input", grown, cases*len(line))
	}
}

func FuzzCasefile(f *testing.F) {
	f.Add([]byte(decision("a", ","+grant)))
	f.Add([]byte("[" + decision("a", `,"settings":{"s3":{"ownership":"ObjectWriter","objectAcl":[{"grantee":"AllUsers","permission":"READ"}]},"kmsGrants":[{"grantee":"x","operations":["Decrypt"]}],"accessPoint":{"arn":"x"},"alsoRequired":[{"action":"kms:Decrypt","resource":"*"}]}`) + "]"))
	f.Add([]byte(`{"id":"c","operator":"ForAnyValue:ArnLike","conditionKey":"aws:TagKeys","policyValues":"${a, 'b'}","requestValue":[null,1,{}]}`))
	f.Add([]byte("\n[]"))
	f.Add([]byte("{}{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		n := 0
		err := casefile.Run(strings.NewReader(string(text)), func(r casefile.Result) error {
			if n++; r.Decision == "" && r.Truth == nil {
				t.Fatalf("answer %d to %q says nothing", n, text)
			}
			return nil
		})
		if n > len(text) {
			t.Fatalf("%d answers to %d bytes (%v)", n, len(text), err)
		}
	})
}
