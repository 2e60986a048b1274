package solver

import (
	"slices"
	"strings"
	"sync"
)

// evals keeps the working state of Decide between calls, so that a decision
// without trace does not allocate. What a Decision holds on to never belongs to
// the state: lists in it are read-only and shared.
var evals = sync.Pool{New: func() any { return &eval{actions: map[string]lowerAction{}} }}

// maxKept bounds what one working state remembers. Hostile input makes it
// forget, not grow.
const maxKept = 4096

// A lowerAction is an action name in the two lower-case parts that matching wants.
type lowerAction struct{ service, name string }

// lowered splits an action name, and remembers the result: few different names
// are asked about many times.
func (e *eval) lowered(text string) lowerAction {
	if a, ok := e.actions[text]; ok {
		return a
	}
	var a lowerAction
	a.service, a.name, _ = strings.Cut(strings.ToLower(text), ":")
	if e.actions != nil {
		if len(e.actions) >= maxKept {
			clear(e.actions)
		}
		e.actions[strings.Clone(text)] = a
	}
	return a
}

// A wordList is a list of short words, such as the rules of a decision. Equal
// lists that were put together alike are one value.
type wordList struct {
	words []string
	next  []*wordList // the lists of one word more
}

// with returns the list with a word added, or the list itself when it holds
// the word.
func (l *wordList) with(word string) *wordList {
	if slices.Contains(l.words, word) {
		return l
	}
	for _, n := range l.next {
		if n.words[len(n.words)-1] == word {
			return n
		}
	}
	n := &wordList{words: append(slices.Clip(slices.Clone(l.words)), word)}
	n.words = slices.Clip(n.words)
	if len(l.next) < maxKept {
		l.next = append(l.next, n)
	}
	return n
}
