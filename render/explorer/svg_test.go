package explorer_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// wellFormed holds a picture to be XML of drawing elements alone.
func wellFormed(t *tab, doc string, want ...string) {
	t.tb.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.tb.Fatalf("the picture is no XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if !slices.Contains([]string{"svg", "title", "rect", "text", "line", "path", "g", "polygon", "circle"}, e.Name.Local) {
				t.tb.Errorf("the picture has <%s>", e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.tb.Errorf("<%s> has %s", e.Name.Local, a.Name.Local)
				}
			}
		}
	}
	for _, w := range want {
		if !strings.Contains(doc, w) {
			t.tb.Errorf("the picture lacks %q", w)
		}
	}
}
