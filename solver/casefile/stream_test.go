package casefile_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"pathfinder/solver/casefile"
)

// endless produces lines until there were n, and keeps none.
type endless struct {
	line func(i int) string
	n, i int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.i == e.n {
			return 0, io.EOF
		}
		e.rest = e.line(e.i)
		e.i++
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// mixed writes lines of every kind. One policy in ten stands in no other line.
func mixed(i int) string {
	owner := "reader"
	if i%10 == 0 {
		owner = fmt.Sprint("reader-", i)
	}
	switch i % 5 {
	case 3:
		return fmt.Sprintf(`{"id":"c%d","operator":"StringLike","conditionKey":"aws:PrincipalTag/team","policyValues":["red-*"],"requestValue":"red-%[1]d"}`+"\n", i)
	case 4:
		return fmt.Sprintf(`{"id":"e%d","element":"Resource","policyValues":["arn:aws:s3:::data/*"],"requestValue":"arn:aws:s3:::data/%[1]d"}`+"\n", i)
	}
	return fmt.Sprintf(`{"id":"d%d","request":{%s,%s,"context":{"aws:SourceIp":"10.0.0.1"}},"policies":{"identity":[{"name":"p","document":`+
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::data/*","arn:aws:s3:::%s/*"]},`+
		`{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}]}}],"serviceControl":[{"target":"r","policies":[{"name":"FullAWSAccess","document":`+
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}]}],"resource":null},"settings":{},"expect":{"decision":"Allowed"}}`+"\n", i, ann, read, owner)
}

// A file of any length needs the memory of one case and of some policies.
func TestRunStreams(t *testing.T) { // not parallel: it reads the heap
	const (
		cases   = 50_000
		ceiling = 12 << 20 // bytes
	)
	var now runtime.MemStats
	heap := func() int64 {
		runtime.GC()
		runtime.ReadMemStats(&now)
		return int64(now.HeapAlloc)
	}
	before, n, most := heap(), 0, int64(0)
	err := casefile.Run(&endless{line: mixed, n: cases}, func(r casefile.Result) error {
		if r.Differs != "" {
			t.Errorf("%s: %s", r.ID, r.Differs)
		}
		if n++; n%(cases/8) == 0 {
			most = max(most, heap()-before)
		}
		return nil
	})
	if err != nil || n != cases {
		t.Fatalf("%d answers, error %v; want %d", n, err, cases)
	}
	if most > ceiling {
		t.Errorf("the heap grew by %d bytes, want at most %d", most, ceiling)
	}
}

// A policy that is used again is the same, also after many others went by.
func TestRunKeepsPoliciesApart(t *testing.T) {
	t.Parallel()
	const n = 4_000 // more than are remembered
	say := func(i int) (effect string) {
		if i%7 == 0 {
			return "Deny"
		}
		return "Allow"
	}
	line := func(i int) string {
		k := i % 1_500 // each comes again
		text := fmt.Sprintf(`{"id":"%d","request":{%s,%s},"policies":{"identity":[{"name":"p","document":{"Statement":{"Sid":"a%d","Effect":%q,"Action":"*","Resource":"*"}}}]}}`,
			k, ann, read, k, say(k))
		if i%2 == 1 { // the same text elsewhere is another policy
			text = strings.Replace(text, `"policies":{`, `"policies":{"resource":{"Statement":{"Sid":"a`+fmt.Sprint(k)+`","Effect":"Deny","Action":"*","Resource":"*"}},`, 1)
		}
		return text + "\n"
	}
	i := 0
	err := casefile.Run(&endless{line: line, n: n}, func(r casefile.Result) error {
		want := map[string]string{"Allow": "Allowed", "Deny": "ExplicitlyDenied"}[say(i%1_500)]
		if r.Decision != want {
			t.Errorf("line %d: %s, want %s", i, r.Decision, want)
		}
		i++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A million lines: go test -run - -bench Million -benchtime 1x ./solver/casefile.
func BenchmarkRunMillion(b *testing.B) {
	const lines = 1_000_000
	for b.Loop() {
		if err := casefile.Run(&endless{line: mixed, n: lines}, func(casefile.Result) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	var end runtime.MemStats
	runtime.ReadMemStats(&end)
	b.ReportMetric(float64(lines*b.N)/b.Elapsed().Seconds(), "lines/s")
	b.ReportMetric(float64(end.HeapSys-end.HeapReleased)/(1<<20), "MiB")
}
