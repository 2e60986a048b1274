package render

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Clean returns s with every character that does not simply show replaced by
// its escape: control characters and the escape sequences they start, line
// ends, marks that turn the direction of text, invisible characters, and blanks
// other than the space. What is not UTF-8 becomes U+FFFD.
func Clean(s string) string {
	if shows(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// shows reports whether all of s is printable; most names are.
func shows(s string) bool {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size <= 1 || !strconv.IsPrint(r) {
			return false
		}
		i += size
	}
	return true
}
