package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// wrap breaks a clean text into lines of at most width columns: at blanks, and
// inside long names after a mark such as "/", or before a capital, where there
// is one.
func wrap(s string, width int) []string {
	var lines []string
	line, used := "", 0
	flush := func() {
		lines = append(lines, line)
		line, used = "", 0
	}
	for word := range strings.FieldsSeq(s) {
		n := text.StringWidth(word)
		if used > 0 && used+1+n > width {
			flush()
		}
		if used > 0 {
			line += " "
			used++
		}
		for used+n > width {
			cut := breakPoint(word, width-used)
			line += word[:cut]
			n -= text.StringWidth(word[:cut]) // not that of the rest anew: names may be long
			flush()
			word = word[cut:]
		}
		line += word
		used += n
	}
	if used > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// breakPoint returns where to cut a word so that its start fits in width: at
// least one character goes.
func breakPoint(word string, width int) int {
	hard, mark, capital, used := 0, 0, 0, 0
	last := ' '
	for i, r := range word {
		n := text.RuneWidth(r)
		if unicode.IsUpper(r) && unicode.IsLower(last) && used <= width {
			capital = i
		}
		if used+n > width && hard > 0 {
			break
		}
		used += n
		hard = i + len(string(r))
		if strings.ContainsRune("/:,;=&@.-_", r) {
			mark = hard
		}
		last = r
	}
	// A single character, often a comma, is not left for a line of its own: nor is the first one.
	if least := max(mark, capital); least > 1 && least < hard && utf8.RuneCountInString(word[hard:min(hard+utf8.UTFMax+1, len(word))]) == 1 {
		return least
	}
	switch {
	case mark > hard/2:
		return mark
	case capital > hard/2:
		return capital
	}
	return hard
}
