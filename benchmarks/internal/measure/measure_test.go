package measure_test

import (
	"bytes"
	"context"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/benchmarks/internal/measure"
)

// Each figure has a median of its own.
func TestMedian(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		samples []measure.Sample
		want    measure.Sample
	}{
		"none": {},
		"one":  {[]measure.Sample{{Wall: 3, CPU: 4, Peak: 5}}, measure.Sample{Wall: 3, CPU: 4, Peak: 5}},
		"odd":  {[]measure.Sample{{1, 30, 5}, {9, 10, 7}, {2, 20, 6}}, measure.Sample{Wall: 2, CPU: 20, Peak: 6}},
		"even": {[]measure.Sample{{Wall: 1}, {Wall: 4}, {Wall: 3}, {Wall: 2}}, measure.Sample{Wall: 2}},
	} {
		if got := measure.Median(tc.samples); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		measure.Time(0):                           "0 s",
		measure.Time(800):                         "800 ns",
		measure.Time(12_340):                      "12.3 µs",
		measure.Time(9_999 * time.Microsecond):    "10.0 ms",
		measure.Time(1234 * time.Millisecond):     "1.23 s",
		measure.Time(7234 * time.Second):          "7,234 s",
		measure.Bytes(0):                          "–",
		measure.Bytes(640 << 10):                  "640 KiB",
		measure.Bytes(123 << 20):                  "123 MiB",
		measure.Bytes(2 << 30):                    "2.00 GiB",
		measure.Count(0):                          "0",
		measure.Count(999):                        "999",
		measure.Count(1_000_000):                  "1,000,000",
		measure.Count(-123_456):                   "-123,456",
		measure.Ratio(213*time.Second, 0):         "–",
		measure.Ratio(time.Second, 4_000_000):     "250×",
		measure.Ratio(time.Second, time.Second/2): "2.00×",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A table is as wide as it has to be, and never wider than it may be: long
// texts are cut, figures never are.
func TestTable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		table measure.Table
		want  string
	}{
		"small": {
			measure.Table{Head: []string{"stage", "wall"}, Rows: [][]string{{"read", "1.20 s"}, {"who-can", "9 ms"}}, Left: 1},
			"stage      wall\nread     1.20 s\nwho-can    9 ms\n",
		},
		"no text": {measure.Table{Head: []string{"a", "b"}, Rows: [][]string{{"10", "200"}}}, " a    b\n10  200\n"},
		"no rows": {measure.Table{Head: []string{"a", "b"}}, "a  b\n"},
		"long": {
			measure.Table{Head: []string{"what", "wall"}, Rows: [][]string{{strings.Repeat("é", 150), "1.20 s"}}, Left: 1},
			"what" + strings.Repeat(" ", 92) + "wall\n" + strings.Repeat("é", 91) + "…  1.20 s\n",
		},
	} {
		var b bytes.Buffer
		if err := tc.table.Write(&b); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tc.want, b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestMain is the process that TestRun runs, and the one that starts it.
func TestMain(m *testing.M) {
	measure.Main()
	switch os.Getenv("MEASURE_TEST") {
	case "":
		os.Exit(m.Run())
	case "answer":
		os.Stdout.WriteString("answered")
		os.Exit(3)
	case "wait":
		os.Stdout.WriteString("waiting")
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, os.Interrupt)
		<-stop
	}
	os.Stderr.WriteString(strings.Repeat("x", 10_000) + "it broke")
	os.Exit(2)
}

func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s, err := measure.Run(context.Background(), measure.Command{Path: self, Env: []string{"MEASURE_TEST=answer"}, Out: &out, Fine: []int{3}})
	if err != nil || out.String() != "answered" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if s.Wall <= 0 || s.CPU <= 0 {
		t.Errorf("a process that cost nothing: %+v", s)
	}
	_, err = measure.Run(context.Background(), measure.Command{Path: self, Env: []string{"MEASURE_TEST=break"}, Fine: []int{3}})
	if err == nil || !strings.HasSuffix(err.Error(), "it broke") || len(err.Error()) > 5000 {
		t.Errorf("error of a process that failed: %v", err)
	}
	if _, err = measure.Run(context.Background(), measure.Command{Path: self + "-none"}); err == nil {
		t.Error("a program that is not there ran")
	}
}

// What the process that measures holds is not counted as what it measures.
func TestRunApart(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	held := bytes.Repeat([]byte{1}, 200<<20)
	s, err := measure.Run(context.Background(), measure.Command{Path: self, Env: []string{"MEASURE_TEST=answer"}, Fine: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Peak > 100<<20 {
		t.Errorf("a small process is said to take %s", measure.Bytes(s.Peak))
	}
	runtime.KeepAlive(held)
}

// A process that is no longer wanted ends, and with it what it started.
func TestRunStopped(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	in := writer(func([]byte) { cancel() })
	_, err = measure.Run(ctx, measure.Command{Path: self, Env: []string{"MEASURE_TEST=wait"}, Out: in})
	if err == nil {
		t.Error("a process that was stopped answered")
	}
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}
