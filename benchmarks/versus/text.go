package main

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"pathfinder/benchmarks/internal/measure"
)

// wrap breaks a text into lines of a table's width; all but the first stand in.
func wrap(text string) string {
	const indent = "  "
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > measure.Width:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String() + "\n"
}

// refusals yields messages and of how many pairs each was, sorted.
func refusals(list []refusal) iter.Seq2[string, int] {
	count := map[string]int{}
	for _, r := range list {
		count[r.Message] += len(r.Actions)
	}
	return func(yield func(string, int) bool) {
		for _, message := range slices.Sorted(maps.Keys(count)) {
			if !yield(message, count[message]) {
				return
			}
		}
	}
}
