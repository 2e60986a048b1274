package solver

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// cells are the calls that a survey asks about on targets of one kind: an action
// on the target, or on what lies inside of it. A set of them is one bit a call.
type cells struct {
	id   uint32
	n    int
	asks []cellRow
	all  atoms.Bits
	// links are calls that need another one of the same cells to be allowed
	// (callNeeds), by their places.
	links map[int]int
}

// A cellRow is what is asked about one of the ARNs that a question about a target
// is about; see asks.
type cellRow struct {
	actions []string
	lower   []lowerAction
	first   int
	bits    atoms.Bits
}

func (c *cells) empty() atoms.Bits { return atoms.NewBits(c.n) }

// cellBook holds the cells of all kinds of targets.
type cellBook struct {
	mu     sync.RWMutex
	byKind map[string]*cells
	needs  map[*cells]*cells
	count  uint32
}

// of returns what is asked about a target. Time O(resource types of its service)
// for a kind that was seen.
func (b *cellBook) of(t *surveyTarget) *cells {
	if t.role != nil {
		return b.find("sts role", func() [][]string { return [][]string{{"sts:AssumeRole"}} })
	}
	key := make([]byte, 0, 128)
	key = append(key, t.service...)
	for i := range t.asks {
		key = append(key, 0)
		for _, typ := range catalog.Default().TypesOf(t.asks[i].text) {
			key = append(append(append(append(key, typ.Service...), ':'), typ.Name...), ' ')
		}
	}
	return b.find(string(key), func() [][]string {
		set := actionSet{globs: []string{t.service + ":*"}} // as who-can asks without actions
		rows := make([][]string, len(t.asks))
		for i := range t.asks {
			rows[i] = set.on(t.asks[i].text)
		}
		return rows
	})
}

func (b *cellBook) find(key string, rows func() [][]string) *cells {
	return found(&b.mu, b.byKind, key, func() *cells { return b.add(rows()) })
}

func (b *cellBook) add(rows [][]string) *cells {
	b.count++
	c := &cells{id: b.count, links: map[int]int{}}
	places := map[string]int{}
	for _, actions := range rows {
		row := cellRow{actions: actions, first: c.n}
		for i, a := range actions {
			service, name := splitAction(a)
			row.lower = append(row.lower, lowerAction{service, name})
			places[service+":"+name] = c.n + i
		}
		c.n += len(actions)
		c.asks = append(c.asks, row)
	}
	c.all = c.empty()
	for i := range c.asks {
		row := &c.asks[i]
		row.bits = c.empty()
		for j, a := range row.lower {
			row.bits.Add(row.first + j)
			for _, n := range callNeeds[a.service+":"+a.name] {
				service, name := splitAction(n.action)
				if at, ok := places[service+":"+name]; ok && n.on == "" {
					c.links[row.first+j] = at
				}
			}
		}
		c.all.Or(row.bits)
	}
	return c
}

// needsOf returns what calls ask of the key that their target is encrypted with;
// nil for nothing.
func (b *cellBook) needsOf(c *cells) *cells {
	b.mu.RLock()
	n, known := b.needs[c]
	b.mu.RUnlock()
	if known {
		return n
	}
	var names []string
	for i := range c.asks {
		for _, a := range c.asks[i].lower {
			names = append(names, kmsNeeds[a.service+":"+a.name]...)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 0 {
		n = b.find("needs "+strings.Join(names, " "), func() [][]string { return [][]string{names} })
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.needs[c] = n
	return n
}

// A maskKey identifies a list of actions, which many statements share, on some
// cells.
type maskKey struct {
	first *policy.Action
	n     int
	not   bool
	cells uint32
}

// mask returns the calls whose actions a statement speaks about. Callers don't
// change it.
func (w *walker) mask(st *policy.Statement, c *cells) atoms.Bits {
	key := maskKey{n: len(st.Actions), not: st.NotAction, cells: c.id}
	if len(st.Actions) > 0 {
		key.first = &st.Actions[0]
	}
	if m, ok := w.masks[key]; ok {
		return m
	}
	m := c.empty()
	for i := range c.asks {
		row := &c.asks[i]
		for j, a := range row.lower {
			if st.MatchAction(a.service, a.name) {
				m.Add(row.first + j)
			}
		}
	}
	w.masks[key] = m
	return m
}

// insideOf returns the pattern of what lies inside of a target that questions
// ask about as well; see asks.
func insideOf(text string) string {
	res := arn.Resource(text)
	switch arn.Service(text) {
	case "s3":
		if strings.HasPrefix(res, "accesspoint/") && !strings.Contains(res, "/object/") {
			return text + "/object/*"
		}
		if arn.Account(text) == "" && !strings.Contains(res, "/") {
			return text + "/*"
		}
	case "dynamodb":
		if strings.HasPrefix(res, "table/") && strings.Count(res, "/") == 1 {
			return text + "/index/*"
		}
	case "es": // data calls are on what is inside (E212)
		if strings.HasPrefix(res, "domain/") && strings.Count(res, "/") == 1 {
			return text + "/*"
		}
	case "logs": // events are in streams (E208)
		if strings.HasPrefix(res, "log-group:") && !strings.Contains(res, ":log-stream:") {
			return strings.TrimSuffix(text, ":*") + ":log-stream:*"
		}
	case "execute-api": // stage, method and path (E207)
		if res != "" && !strings.Contains(res, "/") {
			return text + "/*/*/*"
		}
	}
	return ""
}
