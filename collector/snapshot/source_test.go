package snapshot_test

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"pathfinder/collector/snapshot"
)

// Files of Windows begin with a byte order mark, which is no part of what they hold; of
// UTF-16 it is said what to do.
func TestByteOrderMarks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want, err string }{
		{"{}", "{}", ""},
		{"\xef\xbb\xbf{}", "{}", ""},
		{"\xef\xbb\xbf", "", ""},
		{"\xef\xbb", "\xef\xbb", ""},
		{"\xff\xfe{\x00}\x00", "", "Out-File -Encoding utf8"},
		{"\xfe\xff\x00{\x00}", "", "Out-File -Encoding utf8"},
		{"", "", ""},
	} {
		f, err := snapshot.OpenFile(fstest.MapFS{"f": {Data: []byte(tt.text)}}, "f")
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q: %v", tt.text, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		got, err := io.ReadAll(f)
		if err != nil || string(got) != tt.want {
			t.Errorf("%q: read %q, %v", tt.text, got, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
