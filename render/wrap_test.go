package render

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"at blanks", "one two three", 7, []string{"one two", "three"}},
		{"behind a mark", "arn:aws:s3:::acme-data/reports", 20, []string{"arn:aws:s3:::acme-", "data/reports"}},
		{"before a capital", "ecr:BatchGetImage", 14, []string{"ecr:BatchGet", "Image"}},
		{"no comma by itself", "ecr:BatchCheckLayerAvailability, ecr:X", 17, []string{"ecr:BatchCheck", "Layer", "Availability,", "ecr:X"}},
		{"no last character by itself", "DataAnalyst_5e8915d8d606a8f0", 27, []string{"DataAnalyst_", "5e8915d8d606a8f0"}},
		{"nor one of several bytes", "DataAnalyst_5e8915d8d606a8fé", 27, []string{"DataAnalyst_", "5e8915d8d606a8fé"}},
		{"two are left", "DataAnalyst_5e8915d8d606a8f01", 27, []string{"DataAnalyst_5e8915d8d606a8f", "01"}},
		{"nor the first one instead", "/abcdefg", 7, []string{"/abcdef", "g"}},
		{"nowhere to break", "abcdefgh", 7, []string{"abcdefg", "h"}},
		{"nothing", "", 7, []string{""}},
	} {
		if got := wrap(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
