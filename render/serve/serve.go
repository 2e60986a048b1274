package serve

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"runtime"
	"sync"
	"time"

	"pathfinder/graphmodel/inventory"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// A Snapshot is what questions are about.
type Snapshot struct {
	Solver    *solver.Solver
	Inventory *inventory.Inventory
	Facts     view.Facts
	// Damage tells why what was read can't be trusted; nil when nothing can be
	// wrong. See collector.Facts.
	Damage func() error
}

// Config is what a Handler is made from. Open, Hosts and Page are required.
type Config struct {
	// Open returns the snapshot. It is called again, by one goroutine at a time,
	// after a snapshot was found damaged or a question ended in a panic, and then
	// has to return another Solver.
	Open func() (*Snapshot, error)
	// Hosts are the values of Host by which the server goes, with the port unless
	// it is 80; see [Hosts].
	Hosts []string
	// Page writes the page that shows a view. PagePolicy is its
	// Content-Security-Policy, "" when the page says it itself.
	Page       func(w io.Writer, v *view.View) error
	PagePolicy string
	// Positions says where the nodes of a view are drawn; nil when the page does.
	Positions func(v *view.View) map[string][2]float64
	// Questions is how many are answered at a time, each on one processor; 0 means
	// on half of them, but two. One may need gigabytes.
	Questions int
	// Log is told of faults of our own; nil for nobody.
	Log io.Writer
}

// A Handler answers requests.
type Handler struct {
	cfg      Config
	hosts    map[string]bool
	asking   gate
	lookups  gate
	logging  sync.Mutex
	mu       sync.Mutex // guards what follows
	snapshot *opened
}

// opened is a snapshot with what was made of it. That is made when it is first
// asked for.
type opened struct {
	*Snapshot
	names func() *names
	page  func() ([]byte, error)
}

// New returns a Handler, or an error that names every bad field of cfg. The
// snapshot is opened at once.
func New(cfg Config) (*Handler, error) {
	var errs []error
	if cfg.Open == nil {
		errs = append(errs, errors.New("no Open"))
	}
	if len(cfg.Hosts) == 0 {
		errs = append(errs, errors.New("no Hosts"))
	}
	if cfg.Page == nil {
		errs = append(errs, errors.New("no Page"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	h := &Handler{
		cfg: cfg, hosts: map[string]bool{},
		asking:  newGate(cmp.Or(max(cfg.Questions, 0), max(2, runtime.GOMAXPROCS(0)/2))),
		lookups: newGate(runtime.GOMAXPROCS(0)),
	}
	for _, name := range cfg.Hosts {
		h.hosts[lower(name)] = true
	}
	_, err := h.open()
	return h, err
}

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	if r.ContentLength != 0 { // nobody waits for what nobody reads
		w.Header().Set("Connection", "close")
		_ = http.NewResponseController(w).SetReadDeadline(time.Now())
	}
	if refused := h.refuse(r); refused != nil {
		h.fail(w, refused)
		return
	}
	h.route(w, r)
}

// open returns the snapshot, which is opened when there is none.
func (h *Handler) open() (*opened, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.snapshot == nil {
		s, err := h.cfg.Open()
		if err != nil {
			return nil, err
		}
		h.snapshot = &opened{
			Snapshot: s,
			names:    sync.OnceValue(func() *names { return newNames(s.Inventory) }),
			page:     sync.OnceValues(func() ([]byte, error) { return h.page(s) }),
		}
	}
	return h.snapshot, nil
}

// forget has the snapshot opened again by the next question.
func (h *Handler) forget(s *opened) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.snapshot == s {
		h.snapshot = nil
	}
}
