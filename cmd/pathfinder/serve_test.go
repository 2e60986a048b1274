package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"pathfinder/render"
)

// serveCommands are for scripts:
//
//	serving ARGS…         starts pathfinder serve, and sets URL to what it prints
//	ask URL [NAME VALUE]… prints the status and the response, with headers of the request
//	answer URL            prints the answer in a response, as a command does
//	interrupted           ends the server by a signal, and prints what it said: its exit code has to be 0
func serveCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"serving": startServer, "ask": askServer, "answer": answerOfServer, "interrupted": interruptServer,
	}
}

// server is the one of a script.
type server struct {
	*exec.Cmd
	stderr bytes.Buffer
}

type serverKey struct{}

func serverOf(ts *testscript.TestScript) *server { return ts.Value(serverKey{}).(*server) }

func startServer(ts *testscript.TestScript, _ bool, args []string) {
	s := serverOf(ts)
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if file, err := exec.LookPath(filepath.Join(dir, "pathfinder")); err == nil {
			s.Cmd = exec.Command(file, append([]string{"serve"}, args...)...)
			break
		}
	}
	if s.Cmd == nil {
		ts.Fatalf("there is no pathfinder")
	}
	s.Dir, s.Stderr = ts.MkAbs("."), &s.stderr
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", cacheEnv, snapshotEnv} {
		if value := ts.Getenv(name); value != "" {
			s.Env = append(s.Env, name+"="+value)
		}
	}
	out, err := s.StdoutPipe()
	ts.Check(err)
	ts.Check(s.Start())
	started := s.Cmd
	ts.Defer(func() {
		if started.ProcessState == nil { // the script has failed
			_ = started.Process.Kill()
			_ = started.Wait()
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = s.Wait()
		ts.Fatalf("pathfinder serve: %v: %s", err, &s.stderr)
	}
	ts.Setenv("URL", strings.TrimSpace(line))
	ts.Setenv("ADDRESS", strings.Trim(strings.TrimPrefix(strings.TrimSpace(line), "http:"), "/"))
}

// fetch asks the server: URL is a path and query below that of the server.
func fetch(ts *testscript.TestScript, args []string) (*http.Response, []byte) {
	r, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(ts.Getenv("URL"), "/")+args[0], http.NoBody)
	ts.Check(err)
	for i := 1; i+1 < len(args); i += 2 {
		if r.Header.Set(args[i], args[i+1]); args[i] == "Host" {
			r.Host = args[i+1]
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	return res, body
}

func askServer(ts *testscript.TestScript, _ bool, args []string) {
	res, body := fetch(ts, args)
	fmt.Fprintf(ts.Stdout(), "%s\n%s", res.Status, body)
}

func answerOfServer(ts *testscript.TestScript, _ bool, args []string) {
	_, body := fetch(ts, args)
	var sent struct{ Answer json.RawMessage }
	ts.Check(json.Unmarshal(body, &sent))
	ts.Check(render.JSON(ts.Stdout(), sent.Answer))
}

func interruptServer(ts *testscript.TestScript, _ bool, args []string) {
	s, sig := serverOf(ts), os.Signal(os.Interrupt)
	if len(args) > 0 && args[0] == "TERM" {
		sig = syscall.SIGTERM
	}
	ts.Check(s.Process.Signal(sig))
	if err := s.Wait(); err != nil {
		ts.Fatalf("pathfinder serve: %v: %s", err, &s.stderr)
	}
	fmt.Fprint(ts.Stderr(), s.stderr.String())
	s.stderr.Reset()
	s.Cmd = nil
}
