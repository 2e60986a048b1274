package lint

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"pathfinder/graphmodel/policy"
)

// columns count characters instead of bytes, as editors do.
type columns struct {
	lines [][]byte       // of the text
	marks map[int][]mark // by line: one for each stretch of it
}

// A mark says how many characters stand before a byte at which one begins.
type mark struct{ at, before int }

// stretch is how many bytes of a long line are counted at once: a policy may be one
// line of megabytes, with a finding in every word.
const stretch = 1 << 10

func newColumns(text []byte) columns {
	return columns{lines: bytes.SplitAfter(text, []byte{'\n'}), marks: map[int][]mark{}}
}

// column returns the column of a place, in characters.
func (c *columns) column(at policy.Place) int {
	if at.Line < 1 || at.Line > len(c.lines) || at.Column-1 > len(c.lines[at.Line-1]) {
		return at.Column
	}
	line, end := c.lines[at.Line-1], at.Column-1
	if end < stretch {
		return utf8.RuneCount(line[:end]) + 1
	}
	marks, ok := c.marks[at.Line]
	if !ok {
		marks = marksOf(line)
		c.marks[at.Line] = marks
	}
	i, _ := slices.BinarySearchFunc(marks, end+1, func(m mark, at int) int { return m.at - at })
	last := marks[i-1]
	return last.before + utf8.RuneCount(line[last.at:end]) + 1
}

// marksOf sets a mark at the first character of each stretch of a line.
func marksOf(line []byte) []mark {
	out := []mark{{}}
	for at, n := 0, 0; at < len(line); n++ {
		if at >= len(out)*stretch {
			out = append(out, mark{at, n})
		}
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return out
}
