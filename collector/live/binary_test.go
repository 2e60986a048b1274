package live_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/live/internal/faults"
)

// program returns the name of the built program.
func program(t *testing.T) string {
	t.Helper()
	name, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// built builds the program once; TestMain removes it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pathfinder")
	if err != nil {
		return "", err
	}
	builtIn = dir
	name := filepath.Join(dir, "pathfinder")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", name, "pathfinder/cmd/pathfinder").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return name, nil
})

var builtIn string // the folder; "" when no test needed it

// serve serves a Doer on 127.0.0.1 and returns its URL.
func serve(t *testing.T, next call.Doer) string {
	t.Helper()
	server := httptest.NewUnstartedServer(faults.Handler(next))
	server.Config.SetKeepAlivesEnabled(false)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// A process is a run of the program.
type process struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	stdout bytes.Buffer
}

// start starts `pathfinder collect` as a user would.
func start(t *testing.T, program, url, dir string, args ...string) *process {
	t.Helper()
	args = append([]string{"collect", "--out", dir, "--role-name", fakeorg.Role, "--external-id", fakeorg.ExternalID, "--only", strings.Join(known, ",")}, args...)
	p := &process{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), program, args...)}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	vars := awstest.Credentials()
	maps.Copy(vars, map[string]string{"AWS_ENDPOINT_URL": url, "AWS_SECRET_ACCESS_KEY": "TELLTALE-own-secret-key"})
	for name, value := range vars {
		if value != "" {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// end waits for the end of a process and returns its exit code; -1 when it was
// killed.
func (p *process) end(t *testing.T) int {
	t.Helper()
	err := p.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

// A trigger does something at one call.
type trigger struct {
	next call.Doer

	mu   sync.Mutex
	left int                 // calls; under mu
	pull func(*http.Request) // under mu
}

func (g *trigger) set(calls int, pull func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left, g.pull = calls, pull
}

func (g *trigger) Do(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	g.left--
	pull := g.pull
	if g.left != 0 {
		pull = nil
	}
	g.mu.Unlock()
	if pull != nil {
		pull(r)
	}
	return g.next.Do(r)
}

// timeless reads a folder without the moment in its manifest.
func timeless(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := folder(t, dir)
	files["manifest.json"] = moment.ReplaceAllString(files["manifest.json"], `"created": "then"`)
	return files
}

var moment = regexp.MustCompile(`"created": "[^"]*"`)

// tiny takes the program little time at the rates of real life.
func tiny() fakeorg.Config {
	c := small()
	c.Accounts, c.Regions, c.Latency, c.PageSize = 3, []string{"eu-central-1"}, 0, 0
	return c
}

// A collection that is killed again and again ends like one that was left in peace.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	t.Parallel()
	program := program(t)
	g := &trigger{next: fakeorg.New(tiny())}
	url := serve(t, g)
	quiet := newDir(t)
	if p := start(t, program, url, quiet); p.end(t) != 0 {
		t.Fatalf("the quiet run: %s", &p.stderr)
	}
	want := timeless(t, quiet)

	dir := newDir(t)
	kills, args := 0, []string(nil)
	for _, calls := range []int{1, 3, 8, 9, 14, 21, 5, 16, 24, 11, 30, 27, 40} {
		p := startKilled(t, g, calls, func() *process { return start(t, program, url, dir, args...) })
		code := p.end(t)
		if code == 0 {
			break
		}
		if code != -1 {
			t.Fatalf("exit code %d: %s", code, &p.stderr)
		}
		kills++
		if _, err := os.Stat(filepath.Join(dir, ".collect")); err == nil {
			args = []string{"--resume"}
		}
	}
	g.set(0, nil)
	p := start(t, program, url, dir, "--resume")
	if code := p.end(t); code != 0 {
		t.Fatalf("exit code %d: %s", code, &p.stderr)
	}
	if kills < 3 {
		t.Errorf("it was killed %d times only", kills)
	}
	if diff := cmp.Diff(want, timeless(t, dir)); diff != "" {
		t.Errorf("after %d kills (-quiet +resumed):\n%s", kills, diff)
	}
}

// startKilled starts a process that dies at one of its calls.
func startKilled(t *testing.T, g *trigger, calls int, begin func() *process) *process {
	t.Helper()
	started := make(chan *process, 1)
	g.set(calls, func(*http.Request) {
		p := <-started
		if err := p.cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
	})
	p := begin()
	started <- p
	return p
}

// Ctrl-C ends a collection with code 3 and a word on how to go on, and so do what a
// scheduler and a closed terminal send.
func TestCtrlC(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	if runtime.GOOS == "windows" {
		t.Skip("no process can send another one Ctrl-C on Windows")
	}
	t.Parallel()
	program := program(t)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) { ended(t, program, sig) })
	}
}

func ended(t *testing.T, program string, sig os.Signal) {
	g := &trigger{next: fakeorg.New(tiny())}
	url := serve(t, g)
	dir := newDir(t)
	started := make(chan *process, 1)
	g.set(70, func(r *http.Request) {
		if err := (<-started).cmd.Process.Signal(sig); err != nil {
			t.Error(err)
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil { // or nobody sees that the caller has gone
			t.Error(err)
		}
		select {
		case <-r.Context().Done(): // it has given up this call
		case <-time.After(10 * time.Second):
		}
	})
	p := start(t, program, url, dir)
	started <- p
	if code := p.end(t); code != 3 || !strings.Contains(p.stderr.String(), "--resume goes on") {
		t.Fatalf("exit code %d: %s", code, &p.stderr)
	}
	p = start(t, program, url, dir, "--resume")
	if code := p.end(t); code != 0 || !strings.Contains(p.stderr.String(), "were there from before") {
		t.Fatalf("exit code %d: %s", code, &p.stderr)
	}
	quiet := newDir(t)
	if p := start(t, program, url, quiet); p.end(t) != 0 {
		t.Fatalf("the quiet run: %s", &p.stderr)
	}
	if diff := cmp.Diff(timeless(t, quiet), timeless(t, dir)); diff != "" {
		t.Errorf("(-quiet +resumed):\n%s", diff)
	}
}

// Nothing secret is written or printed: the fake puts its telltale words wherever
// AWS answers with secrets and addresses, and the proxy into messages.
func TestSecretsStayOut(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	t.Parallel()
	program := program(t)
	proxy := faults.New(fakeorg.New(tiny()), 5, faults.Rule{Kind: faults.Denied, Service: "sqs", OneIn: 2}, faults.Rule{Kind: faults.Denied, Service: "iam", OneIn: 4},
		faults.Rule{Kind: faults.Expired, Account: "ASIA", OneIn: 3, Times: 1})
	dir := newDir(t)
	p := start(t, program, serve(t, proxy), dir)
	if code := p.end(t); code != 3 {
		t.Fatalf("exit code %d: %s", code, &p.stderr)
	}
	printed := folder(t, dir) // .collect is in it
	printed["what was printed"] = p.stdout.String() + p.stderr.String()
	if len(printed) < 8 {
		t.Errorf("there are only %d files", len(printed))
	}
	secretsIn(t, printed, "TELLTALE", "STAYS-HIDDEN", "ASIAFAKE", "@example.com", awstest.Credentials()["AWS_ACCESS_KEY_ID"], fakeorg.ExternalID)
}

// secretsIn complains of words that should not be there.
func secretsIn(t *testing.T, files map[string]string, words ...string) {
	t.Helper()
	for name, text := range files {
		for _, word := range words {
			if strings.Contains(text, word) {
				t.Errorf("%s holds %s", name, word)
			}
		}
	}
}
