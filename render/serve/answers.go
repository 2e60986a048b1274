package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"pathfinder/render"
	"pathfinder/solver"
)

// An endpoint answers one path below /api/.
type endpoint struct {
	fields []field
	asks   bool // the solver
	answer func(h *Handler, s *opened, p *params) (any, error)
}

var endpoints = map[string]endpoint{
	"/api/meta":    {answer: (*Handler).meta},
	"/api/search":  {fields: []field{fieldText, fieldLimit}, answer: (*Handler).search},
	"/api/around":  {fields: []field{fieldID, fieldHops}, asks: true, answer: (*Handler).around},
	"/api/who-can": {fields: []field{fieldResource, fieldAction}, asks: true, answer: (*Handler).whoCan},
	"/api/can":     {fields: []field{fieldPrincipal, fieldWhat, fieldAction}, asks: true, answer: (*Handler).can},
	"/api/paths":   {fields: []field{fieldPrincipal, fieldResource, fieldAction}, asks: true, answer: (*Handler).paths},
}

// route answers a request that is not refused.
func (h *Handler) route(w http.ResponseWriter, r *http.Request) {
	switch e, ok := endpoints[r.URL.Path]; {
	case ok:
		p, err := parse(r.URL.RawQuery, e.fields...)
		if err != nil {
			h.fail(w, err)
			return
		}
		body, err := h.work(r, e.asks, func(s *opened) ([]byte, error) {
			answer, err := e.answer(h, s, p)
			if err != nil {
				return nil, err
			}
			return encode(answer)
		})
		h.send(w, "application/json", body, err)
	case r.URL.Path == "/":
		body, err := h.work(r, false, func(s *opened) ([]byte, error) { return s.page() })
		if err == nil {
			policy := nowhere
			if h.cfg.PagePolicy != "" {
				policy = strings.TrimRight(h.cfg.PagePolicy, "; ") + "; " + nowhere
			}
			w.Header().Set("Content-Security-Policy", policy)
		}
		h.send(w, "text/html; charset=utf-8", body, err)
	case r.URL.Path == "/favicon.ico": // browsers ask for one, and complain
		write(w, http.StatusNoContent, "", nil)
	default:
		h.fail(w, &httpError{http.StatusNotFound, "there is no " + short(r.URL.Path) + ": there are / and " + strings.Join(apis(), ", ")})
	}
}

func apis() (list []string) {
	for path := range endpoints {
		list = append(list, path)
	}
	slices.Sort(list)
	return list
}

// encode writes an answer as the commands do, without indentation.
func encode(answer any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(answer)
	return b.Bytes(), err
}

// work finds what is sent, at most once more when what it was found in turns out
// to be damaged.
func (h *Handler) work(r *http.Request, asks bool, find func(*opened) ([]byte, error)) ([]byte, *httpError) {
	g := h.lookups
	if asks {
		g = h.asking
	}
	if err := g.enter(r.Context()); err != nil {
		return nil, err
	}
	defer g.leave()
	for again := false; ; again = true {
		s, err := h.open()
		if err != nil {
			return nil, &httpError{http.StatusInternalServerError, "the snapshot can't be read any more: " + err.Error()}
		}
		body, err := h.attempt(r, s, find)
		switch damage := s.damage(); {
		case damage != nil && again:
			return nil, &httpError{http.StatusInternalServerError, damage.Error()}
		case damage != nil:
			h.forget(s)
		case err == nil:
			return body, nil
		case errors.Is(err, solver.ErrQuestion):
			return nil, badRequest("%s", err)
		default:
			h.log("%s", err)
			return nil, fault
		}
	}
}

var fault = &httpError{http.StatusInternalServerError, "this is our own fault, not yours: what pathfinder serve printed says more; please report it"}

// errPanic is a panic that has been told of.
var errPanic = errors.New("BUG: a panic, see above")

// attempt is find, of which a panic is an error. What was half done in it may be
// wrong, and is forgotten.
func (h *Handler) attempt(r *http.Request, s *opened, find func(*opened) ([]byte, error)) (body []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			h.forget(s)
			body, err = nil, errPanic
			if s.damage() != nil {
				return // which explains it
			}
			h.log("BUG: %s\n%s %s\n%s", render.Clean(fmt.Sprint(panicked)), r.Method, render.Clean(r.URL.String()), debug.Stack())
		}
	}()
	return find(s)
}

// damage tells why an answer from a snapshot counts for nothing.
func (s *Snapshot) damage() error {
	if s.Damage == nil {
		return nil
	}
	return s.Damage()
}

// log tells of a fault of ours.
func (h *Handler) log(format string, args ...any) {
	if h.cfg.Log == nil {
		return
	}
	h.logging.Lock()
	defer h.logging.Unlock()
	fmt.Fprintf(h.cfg.Log, "pathfinder: "+format+"\n", args...)
}

// patience is how long a response may take to be read.
const patience = time.Minute

// send writes an answer, or why there is none.
func (h *Handler) send(w http.ResponseWriter, kind string, body []byte, err *httpError) {
	if err != nil {
		h.fail(w, err)
		return
	}
	write(w, http.StatusOK, kind, body)
}

// fail writes why there is no answer.
func (h *Handler) fail(w http.ResponseWriter, err *httpError) {
	body, _ := encode(map[string]string{"error": err.text})
	if err.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD")
	}
	write(w, err.status, "application/json", body)
}

// write writes a response that is complete; kind "" is for none. The deadline is
// one of the connection, which others may follow on: each sets its own.
func write(w http.ResponseWriter, status int, kind string, body []byte) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience)) // only tests have none
	if kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked may have gone
}
