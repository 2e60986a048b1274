package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/render/serve"
)

const serveHelp = `Answers questions in a browser: search for a principal or a resource, walk the
graph, ask who-can, can and paths. It prints the address, and ends with Ctrl-C.

Only this machine reaches it, only by the names of this machine, and no other
page; on a machine that you share, everybody who is logged in does. It reads the
snapshot, in its compiled form where there is one, and changes nothing. A large
snapshot that has none is compiled first, as by any question; --no-cache does
without.

--listen with an address of the network lets others in: there is no password and
no encryption. Then --host has to say by which names they ask.`

// serving is what the flags of serve say.
type serving struct {
	*question
	listen string
	hosts  []string
	opens  int // how often the snapshot was opened
}

func (a *app) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "The explorer page, on 127.0.0.1",
		Long:  serveHelp,
		Example: `  pathfinder serve -s fixtures/acme
  pathfinder serve -s fixtures/acme --listen 127.0.0.1:0`,
		Args: between(0, 0),
	}
	s := &serving{question: &question{app: a}}
	f := cmd.Flags()
	s.snapshotFlags(f)
	s.pathFlags(f)
	f.StringVar(&s.listen, "listen", "127.0.0.1:8737", "the `HOST:PORT` to listen at; port 0 is any that is free")
	f.StringArrayVar(&s.hosts, "host", nil, "another `NAME[:PORT]` that browsers know this server by, such as localhost:9000 through a tunnel; repeat it for several")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return s.run(cmd) }
	return cmd
}

func (s *serving) run(cmd *cobra.Command) error {
	if err := s.checkAddress(); err != nil {
		return err
	}
	l, err := listen(s.listen)
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // the end of serving has closed it
	page := explorerPage()
	page.Open = func() (*serve.Snapshot, error) { return s.open(cmd) }
	page.Hosts, page.Log = serve.Hosts(l.Addr(), s.hosts), s.stderr
	h, err := serve.New(page)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills
	if _, err := fmt.Fprintln(s.stdout, "http://"+page.Hosts[0]+"/"); err != nil {
		return err
	}
	return serve.Run(ctx, l, h, s.stderr)
}

// checkAddress refuses to let others in by mistake.
func (s *serving) checkAddress() error {
	if _, _, err := net.SplitHostPort(s.listen); err != nil {
		return fmt.Errorf("--listen %s: give HOST:PORT, such as 127.0.0.1:8737", s.listen)
	}
	for _, name := range s.hosts {
		if name == "" || strings.ContainsAny(name, "/@ ") {
			return fmt.Errorf("--host %q: give a name or an address alone, such as pathfinder.example.org or localhost:9000", name)
		}
	}
	if serve.Loopback(s.listen) {
		return nil
	}
	if len(s.hosts) == 0 {
		return fmt.Errorf("--listen %s lets others in: say by which name they ask, with --host NAME, or listen at 127.0.0.1", s.listen)
	}
	fmt.Fprintf(s.stderr, "warning: whoever reaches %s can read the whole snapshot: there is no password and no encryption\n", render.Clean(s.listen))
	return nil
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("--listen %s: something listens there; stop it, or give another port (0 is any that is free)", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", addr, err)
	}
	return l, nil
}

// open reads the snapshot, first what is compiled of it. A large one that is
// not compiled yet is, before anybody asks.
func (s *serving) open(cmd *cobra.Command) (*serve.Snapshot, error) {
	if s.damage() != nil {
		s.mistake = true
	}
	s.opened = nil
	solver, err := s.question.open(cmd)
	if err != nil {
		return nil, err
	}
	if s.opens++; s.opens == 1 && s.kept() {
		s.opened = nil
		if solver, err = s.question.open(cmd); err != nil {
			return nil, err
		}
		debug.FreeOSMemory() // of what was read; from here on little is
	}
	facts := slices.Clone(s.opened)
	return &serve.Snapshot{
		Solver: solver, Inventory: s.inventory, Facts: s.facts,
		Damage: func() error {
			for _, f := range facts {
				if err := f.Err(); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil
}

// kept compiles what pays, and reports whether something was.
func (s *serving) kept() (any bool) {
	for _, f := range s.opened {
		bar := s.newBar("compile")
		any = f.Keep(bar.progress) || any
		bar.end()
	}
	return any
}
