package serve

import (
	"bytes"
	"fmt"
	"time"

	"pathfinder/graphmodel/inventory"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// Limits of a view that is sent: more no page draws.
const (
	maxNodes = 5000
	maxEdges = 20_000
)

// opening is how many principals and resources a snapshot may hold for the page to
// begin with all of them.
const opening = 500

// A drawn view says where its nodes stand.
type drawn struct {
	*view.View
	Positions map[string][2]float64 `json:"positions,omitempty"`
}

// An answered question is the answer, and what to draw of it.
type answered struct {
	Answer any    `json:"answer"`
	View   *drawn `json:"view"`
}

// meta says what the snapshot is.
type meta struct {
	Title    string    `json:"title"`
	Taken    time.Time `json:"taken,omitzero"`
	Complete bool      `json:"complete"`
	Unknown  []string  `json:"unknown"`
	Nodes    int       `json:"nodes"` // principals and resources
	Accounts []named   `json:"accounts"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (h *Handler) meta(s *opened, _ *params) (any, error) {
	m := &meta{Title: title(s.Inventory), Taken: s.Facts.Taken, Unknown: gaps(s.Inventory), Nodes: s.names().owned, Accounts: []named{}}
	m.Complete = len(m.Unknown) == 0
	for _, a := range s.Inventory.Accounts {
		m.Accounts = append(m.Accounts, named{a.ID, a.Name})
	}
	return m, nil
}

// gaps says what could not be read, with the account that it is of.
func gaps(inv *inventory.Inventory) []string {
	out := make([]string, 0, len(inv.Gaps))
	for i := range inv.Gaps {
		g := &inv.Gaps[i]
		where := g.What
		if g.Account != "" {
			where = "account " + g.Account + ": " + where
		}
		out = append(out, where+": "+g.Why)
	}
	return out
}

// title names a snapshot.
func title(inv *inventory.Inventory) string {
	accounts := fmt.Sprintf("%d accounts", len(inv.Accounts))
	if len(inv.Accounts) == 1 {
		accounts = "account " + inv.Accounts[0].ID
	}
	if inv.Organization == nil {
		return accounts
	}
	return "organization " + inv.Organization.ID + ", " + accounts
}

func (h *Handler) search(s *opened, p *params) (any, error) {
	return s.names().search(p.text, p.limit), nil
}

func (h *Handler) around(s *opened, p *params) (any, error) {
	answer, err := s.Solver.Graph(solver.GraphQuery{Around: p.id, Hops: p.hops})
	if err != nil {
		return nil, err
	}
	return h.draw(s.Snapshot, answer)
}

func (h *Handler) whoCan(s *opened, p *params) (any, error) {
	answer, err := s.Solver.WhoCan(p.resource, p.actions)
	if err != nil {
		return nil, err
	}
	answer.Notes = append(answer.Notes, p.doubts...)
	return h.with(s.Snapshot, answer, s.Solver.WhoCanPicture(answer, p.actions))
}

func (h *Handler) can(s *opened, p *params) (any, error) {
	answer, err := s.Solver.Can(p.principal, p.resource, p.actions)
	if err != nil {
		return nil, err
	}
	answer.Notes = append(answer.Notes, p.doubts...)
	return h.with(s.Snapshot, answer, s.Solver.CanPicture(answer))
}

func (h *Handler) paths(s *opened, p *params) (any, error) {
	answer, err := s.Solver.Paths(p.principal, p.resource, p.actions)
	if err != nil {
		return nil, err
	}
	answer.Notes = append(answer.Notes, p.doubts...)
	return h.with(s.Snapshot, answer, s.Solver.PathsPicture(answer))
}

// with puts an answer and its picture together.
func (h *Handler) with(s *Snapshot, answer any, picture *solver.GraphAnswer) (any, error) {
	v, err := h.draw(s, picture)
	return &answered{answer, v}, err
}

// draw makes a view. Of what is too much it shows what the question was about, and
// says so.
func (h *Handler) draw(s *Snapshot, a *solver.GraphAnswer) (*drawn, error) {
	note := ""
	if len(a.Nodes) > maxNodes || len(a.Edges) > maxEdges {
		note = fmt.Sprintf("%d nodes and %d edges are too many to be drawn, and left out: narrow the question, for example by actions", len(a.Nodes), len(a.Edges))
		less := *a
		less.Nodes, less.Edges = nil, nil
		for i := range a.Nodes {
			if a.Nodes[i].Focus {
				less.Nodes = append(less.Nodes, a.Nodes[i])
			}
		}
		a = &less
	}
	v, err := view.Of(a, s.Facts)
	if err != nil {
		return nil, fmt.Errorf("BUG: %w", err)
	}
	if note != "" {
		v.Notes = []string{note} // and nothing about what it leaves out
	}
	return h.placed(v), nil
}

func (h *Handler) placed(v *view.View) *drawn {
	d := &drawn{View: v}
	if h.cfg.Positions != nil {
		d.Positions = h.cfg.Positions(v)
	}
	return d
}

// page writes the page.
func (h *Handler) page(s *Snapshot) ([]byte, error) {
	v, err := h.beginning(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := h.cfg.Page(&b, v); err != nil {
		return nil, fmt.Errorf("BUG: the page: %w", err)
	}
	return b.Bytes(), nil
}

// beginning is what the page shows first: all of a small snapshot, nothing of a
// large one.
func (h *Handler) beginning(s *Snapshot) (*view.View, error) {
	held := 0
	for _, a := range s.Inventory.Accounts {
		if held > opening {
			break
		}
		held += len(a.Held().Users) + len(a.Held().Roles) + len(a.Held().Resources)
	}
	if held <= opening {
		answer, err := s.Solver.Graph(solver.GraphQuery{})
		if err != nil {
			return nil, err
		}
		answer.Title = title(s.Inventory)
		d, err := h.draw(s, answer)
		if err != nil {
			return nil, err
		}
		return d.View, nil
	}
	m, err := view.Of(&solver.GraphAnswer{Title: title(s.Inventory), Complete: len(s.Inventory.Gaps) == 0}, s.Facts)
	if err != nil {
		return nil, err
	}
	m.Unknown = gaps(s.Inventory)
	m.Notes = []string{"the snapshot is too large to be shown at once: search for a principal or a resource"}
	return m, nil
}
