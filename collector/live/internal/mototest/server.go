package mototest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const install = "moto is not installed, and tests against it do not run: pip install 'moto[server]==5.2.1'"

// A Server is moto's server while a test runs. It is safe for concurrent use.
type Server struct {
	URL    string
	client *http.Client
	keys   map[string]string // access keys by account, of the seeding
	log    *tail
}

// tail keeps the end of what a server prints.
type tail struct {
	mu   sync.Mutex
	text []byte // under mu
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-4<<10):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// Start starts moto's server on a free port of 127.0.0.1.
func Start(tb testing.TB) *Server {
	tb.Helper()
	if err := exec.CommandContext(tb.Context(), "python3", "-c", "import moto.server").Run(); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal(install)
		}
		tb.Skip(install)
	}
	cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), "python3", "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0")
	// Without the variables that tests set for the collector: moto has the SDK for
	// Python in it, which reads them too.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "AWS_") })
	stderr, err := cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	drained := make(chan struct{})
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-drained
		_ = cmd.Wait() // it was killed
	})
	address, err := announced(stderr)
	log := new(tail)
	go func() {
		defer close(drained)
		_, _ = io.Copy(log, stderr)
	}()
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{URL: "http://" + address, keys: make(map[string]string), log: log}
	s.client = &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, // moto closes every connection
		DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
	return s
}

var running = regexp.MustCompile(`Running on http://(127\.0\.0\.1:\d+)`)

// announced reads what the server prints until it says where it listens.
func announced(r io.Reader) (string, error) {
	lines := bufio.NewReader(r)
	var all strings.Builder
	for {
		line, err := lines.ReadString('\n')
		all.WriteString(line)
		if m := running.FindStringSubmatch(line); m != nil {
			return m[1], nil
		}
		if err != nil {
			return "", fmt.Errorf("moto did not start:\n%s", all.String())
		}
	}
}

// Do sends a request that is meant for AWS to moto.
func (s *Server) Do(req *http.Request) (*http.Response, error) { return s.client.Do(req) }
