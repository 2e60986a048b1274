package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A syntaxError is text that is not JSON, with the place of the first fault.
type syntaxError struct {
	at  int
	ptr string
	msg string

	unbraced bool // the text is the inside of a statement
}

func (e *syntaxError) Error() string { return e.msg }

func newSyntaxError(text []byte, dec *jsontext.Decoder, err error) *syntaxError {
	out := &syntaxError{at: int(dec.InputOffset()), msg: err.Error()}
	if se, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		out.at, out.ptr, out.msg = int(se.ByteOffset), string(se.JSONPointer), se.Err.Error()
	}
	out.at = min(max(out.at, 0), len(text))
	s := stumble{text: text, at: out.at, msg: out.msg, top: dec.StackDepth() == 0}
	s.next, _ = utf8.DecodeRune(text[out.at:])
	before := bytes.TrimSpace(text[:out.at])
	if len(before) > 0 {
		s.prev = before[len(before)-1]
	}
	if key, ok := s.unbraced(); ok {
		out.unbraced = slices.Contains(elements, key)
		out.at, out.msg = bytes.IndexByte(text, '"'), fmt.Sprintf(
			"the document starts with the key %s; braces are missing around it%s", quote(key), statementBraces(out.unbraced))
	} else if why := s.explain(err); why != "" {
		out.msg = why
	} else if why := s.explainMark(); why != "" {
		out.msg = why
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		key := out.ptr[strings.LastIndexByte(out.ptr, '/')+1:]
		out.msg = fmt.Sprintf("the key %s stands twice in one object, which AWS refuses (E8); join the two or drop one", quote(key))
	}
	return out
}

const behindEnd = "the document goes on behind its end; is a closing brace too many, or are the outer braces missing?"

// A stumble is where reading stopped.
type stumble struct {
	text []byte
	at   int
	msg  string
	top  bool // outside of all brackets
	prev byte // the last character before it that is no blank, or 0
	next rune // the character there
}

// unbraced reports whether reading stopped at the colon behind a key that no
// brace came before.
func (s *stumble) unbraced() (key string, ok bool) {
	b, err := jsontext.AppendUnquote(nil, bytes.TrimSpace(s.text[:s.at]))
	return string(b), s.top && s.next == ':' && err == nil
}

// statementBraces shows where the inside of a statement belongs.
func statementBraces(inside bool) string {
	if inside {
		return ": {\"Version\": \"2012-10-17\", \"Statement\": [{ … }]}"
	}
	return ""
}

// readUnbraced reads text as the inside of a statement.
func readUnbraced(text string) (root node, ok bool) {
	const before, after = `{"Statement":[{`, `}]}`
	root, bad := readNodes(before + text + after)
	root.shift(-len(before))
	return root, bad == nil
}

// explain knows mistakes of the text as a whole.
func (s *stumble) explain(err error) string {
	switch {
	case len(bytes.TrimSpace(s.text)) == 0:
		return "the document is empty"
	case bytes.HasPrefix(s.text, []byte("\uFEFF")):
		return "the document starts with a byte order mark; save it as plain UTF-8 without one"
	case bytes.HasPrefix(s.text, []byte("%7B")):
		return "the document is URL-encoded, as the IAM API returns it; decode it first"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "the document ends too early; " + s.unclosed()
	case s.top && s.prev != 0:
		return behindEnd
	}
	return ""
}

// explainMark knows mistakes by the character that reading stopped at.
func (s *stumble) explainMark() string {
	closing := s.next == '}' || s.next == ']'
	after := bytes.TrimSpace(s.text[min(s.at+1, len(s.text)):])
	isKey := s.prev == '{' || s.prev == ',' && s.open() == '{'
	switch {
	case s.next == '\n' || s.next == '\r':
		return "a text ends with its line; is its closing quote missing? A line break in it is written \\n"
	case strings.Contains(s.msg, "escape"):
		return s.msg + "; a backslash is written twice"
	case strings.ContainsRune("'“”‘’", s.next):
		return fmt.Sprintf("texts stand in straight double quotes, not in %c", s.next)
	case s.next == '/' || s.next == '#':
		return "JSON has no comments; delete this one"
	case s.prev == ':' && (closing || s.next == ','):
		return "the value behind the colon is missing"
	case s.next == ',' && len(after) > 0 && (after[0] == '}' || after[0] == ']'):
		return fmt.Sprintf("there is a comma too many before the closing '%c'", after[0])
	case s.next == ',':
		return "there is a comma too many"
	case closing && s.open() != 0 && s.open() != s.next-2:
		return fmt.Sprintf("this '%c' does not match; %s", s.next, s.unclosed())
	case strings.Contains(s.msg, "after object name"):
		return fmt.Sprintf("a colon is expected between key and value, not %q", s.next)
	case strings.Contains(s.msg, "after object value") || strings.Contains(s.msg, "after array element"):
		if s.next == '"' || s.next == '{' || s.next == '[' {
			return fmt.Sprintf("a comma is missing before this '%c'", s.next)
		}
		return fmt.Sprintf("a comma or a closing bracket is expected here, not %q", s.next)
	case isKey:
		return fmt.Sprintf("a key in double quotes is expected here, not %q", s.next)
	case unicode.IsLetter(s.next):
		return s.word()
	}
	return ""
}

// word explains a bare word in the place of a value.
func (s *stumble) word() string {
	rest := string(s.text[s.at:])
	if i := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); i >= 0 {
		rest = rest[:i]
	}
	switch rest {
	case "True", "False":
		return fmt.Sprintf("JSON writes %s, not %s", strings.ToLower(rest), rest)
	case "None":
		return "JSON writes null, not None"
	}
	return fmt.Sprintf("a text such as %s stands in double quotes", quote(rest))
}

// open returns the innermost bracket that is open where reading stopped, or 0.
func (s *stumble) open() rune {
	if stack, _ := s.brackets(); len(stack) > 0 {
		return rune(s.text[stack[len(stack)-1]])
	}
	return 0
}

// unclosed names the quote or bracket that is still open.
func (s *stumble) unclosed() string {
	stack, quoted := s.brackets()
	li := newLineIndex(s.text)
	switch {
	case quoted >= 0:
		return "nothing closes the text that starts at " + li.place(quoted, "").String()
	case len(stack) > 0:
		at := stack[len(stack)-1]
		return fmt.Sprintf("nothing closes the '%c' of %s", s.text[at], li.place(at, ""))
	}
	return "is a closing bracket missing?"
}

// brackets lists the offsets of the brackets open where reading stopped, and
// that of an open quote, or -1.
func (s *stumble) brackets() (stack []int, quoted int) {
	quoted = -1
	for i := 0; i < s.at; i++ {
		switch c := s.text[i]; {
		case quoted >= 0 && c == '\\':
			i++
		case c == '"' && quoted >= 0:
			quoted = -1
		case c == '"':
			quoted = i
		case quoted >= 0:
		case c == '{' || c == '[':
			stack = append(stack, i)
		case (c == '}' || c == ']') && len(stack) > 0:
			stack = stack[:len(stack)-1]
		}
	}
	return stack, quoted
}
