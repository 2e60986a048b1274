package render

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Options say what tables are written for. The zero value is plain text of
// 100 columns.
type Options struct {
	Width    int               // columns; 0 means 100, less than 60 means 60
	Color    bool              // with the escape sequences that terminals take for colours
	Accounts map[string]string // names of accounts by id
	Verbose  bool              // explanations go on with every gate and every statement
	Theme    Theme             // of pictures
}

const (
	defaultWidth = 100
	leastWidth   = 60
)

func (o *Options) width() int {
	if o.Width == 0 {
		return defaultWidth
	}
	return max(o.Width, leastWidth)
}

// The colours of tables.
var (
	bold   = text.Colors{text.Bold}
	faint  = text.Colors{text.Faint}
	good   = text.Colors{text.Bold, text.FgGreen}
	bad    = text.Colors{text.Bold, text.FgRed}
	unsure = text.Colors{text.Bold, text.FgYellow}
)

// paint colours a text that is clean already.
func (o *Options) paint(s string, c text.Colors) string {
	if !o.Color || s == "" || len(c) == 0 {
		return s
	}
	return c.EscapeSeq() + s + text.Reset.EscapeSeq()
}

// A page collects lines of text and tables.
type page struct {
	Options
	b strings.Builder
}

// line writes a clean text, wrapped; its further lines are indented by two.
func (p *page) line(indent int, s string, c text.Colors) {
	blank := strings.Repeat(" ", indent)
	for i, l := range wrap(s, p.width()-indent-2) {
		if i == 1 {
			blank += "  "
		}
		p.b.WriteString(blank + p.paint(l, c) + "\n")
	}
}

func (p *page) blank() { p.b.WriteByte('\n') }
