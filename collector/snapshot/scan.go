package snapshot

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A scanner goes through JSON of a known shape, several times as fast as a
// decoder does that has to tell what is wrong with any text. It turns bad at
// whatever it doesn't expect, also where that is fine JSON; the file is then
// decoded. All that it passes is JSON, apart from what value returns, which
// others have to look at.
type scanner struct {
	text  []byte // valid UTF-8
	at    int
	bad   bool
	words map[string]string // texts that were met before
}

// maxWords bounds how many texts are remembered.
const maxWords = 1 << 14

// next skips whitespace and returns the byte behind it, 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.text); s.at++ {
		if c := s.text[s.at]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// expect skips a punctuation character.
func (s *scanner) expect(c byte) {
	if s.next() != c {
		s.bad = true
		return
	}
	s.at++
}

// maxMembers bounds the members of an object: names must not repeat.
const maxMembers = 48

// object calls member for each member of an object with its name. The value is
// to be read.
func (s *scanner) object(member func(name []byte)) {
	var names [maxMembers][]byte
	n := 0
	s.expect('{')
	if !s.bad && s.next() == '}' {
		s.at++
		return
	}
	for !s.bad {
		name := s.plain()
		for _, before := range names[:n] {
			s.bad = s.bad || bytes.Equal(before, name)
		}
		if n == maxMembers || s.bad {
			s.bad = true
			return
		}
		names[n] = name
		n++
		s.expect(':')
		if member(name); s.bad || s.end('}') {
			return
		}
	}
}

// list calls element for each element of a list. The value is to be read.
func (s *scanner) list(element func()) {
	s.expect('[')
	if !s.bad && s.next() == ']' {
		s.at++
		return
	}
	for !s.bad {
		if element(); s.bad || s.end(']') {
			return
		}
	}
}

// end reports whether a list or object is at its end; otherwise it skips a
// comma.
func (s *scanner) end(closing byte) bool {
	c := s.next()
	s.bad = s.bad || c != ',' && c != closing
	s.at++
	return c == closing
}

// plain reads a text without escapes.
func (s *scanner) plain() []byte {
	if s.expect('"'); s.bad {
		return nil
	}
	for i := s.at; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			text := s.text[s.at:i]
			s.at = i + 1
			return text
		case c == '\\' || c < ' ':
			s.bad = true
			return nil
		}
	}
	s.bad = true
	return nil
}

// one reads a text that others hardly have.
func (s *scanner) one() string { return string(s.plain()) }

// word reads a text that others have, too.
func (s *scanner) word() string { return s.known(s.plain()) }

func (s *scanner) known(text []byte) string {
	if w, ok := s.words[string(text)]; ok {
		return w
	}
	w := string(text)
	if len(s.words) < maxWords {
		s.words[w] = w
	}
	return w
}

// maxNesting bounds how deep a value nests.
const maxNesting = 256

// value returns a value as it stands. That it is JSON is not sure: only that
// its quotes and the number of its brackets fit.
func (s *scanner) value() jsontext.Value {
	s.next()
	begin, depth := s.at, 0
	for s.at < len(s.text) {
		if depth > 0 {
			s.at += indexSpecial(s.text[s.at:])
			if s.at == len(s.text) {
				break
			}
		}
		switch s.text[s.at] {
		case '"':
			n := textLength(s.text[s.at:])
			if n < 0 {
				s.bad = true
				return nil
			}
			s.at += n
		case '{', '[':
			if depth++; depth > maxNesting {
				s.bad = true
				return nil
			}
			s.at++
			continue
		case '}', ']':
			if depth--; depth < 0 {
				s.bad = true
				return nil
			}
			s.at++
		default:
			s.at++
			for s.at < len(s.text) && !blankByte(s.text[s.at]) && !structural(s.text[s.at]) {
				s.at++
			}
		}
		if depth == 0 {
			return s.text[begin:s.at:s.at]
		}
	}
	s.bad = true
	return nil
}

// special are the characters that say where a value ends.
var special = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}

func indexSpecial(text []byte) int {
	for i, c := range text {
		if special[c] {
			return i
		}
	}
	return len(text)
}

// other decodes a value into what v points to.
func (s *scanner) other(v any) {
	raw := s.value()
	s.bad = s.bad || json.Unmarshal(raw, v) != nil
}

// skip passes a value that nobody needs.
func (s *scanner) skip() {
	raw := s.value()
	s.bad = s.bad || !raw.IsValid()
}

// whole reads a file that is one object, and reports whether all is well.
func (s *scanner) whole(member func(name []byte)) bool {
	s.object(member)
	return !s.bad && s.next() == 0 && s.at == len(s.text)
}
