package catalog

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// The constants must describe the data they stand beside.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	tab, err := packed.Decode(embedded)
	if err != nil {
		t.Fatal(err)
	}
	if tab.Version != DataVersion || tab.Date != DataDate {
		t.Errorf("embedded data is %s of %s, constants say %s of %s", tab.Version, tab.Date, DataVersion, DataDate)
	}
	if len(embedded) > 300<<10 {
		t.Errorf("embedded data has %d bytes", len(embedded))
	}
}

func TestDecodeCorrupt(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{nil, []byte("x"), embedded[:len(embedded)/2], embedded[1:]} {
		if c, err := decode(data); err == nil {
			t.Errorf("decode of %d bytes gives %d actions", len(data), c.NumActions())
		}
	}
}

// Law: an instance of a type's pattern has that type, or one that refines it.
func TestPatternsMatchTheirInstances(t *testing.T) {
	t.Parallel()
	c := Default()
	for i, typ := range c.types {
		for _, pattern := range typ.ARNs {
			p := parseARNPattern(i, pattern)
			arn := strings.ReplaceAll(p.norm, hole, "x1")
			if !p.match(arn) {
				t.Errorf("%q does not match %q", pattern, arn)
			}
			if len(c.TypesOf(arn)) == 0 {
				t.Errorf("TypesOf(%q) is empty; it is an instance of %s/%s", arn, typ.Service, typ.Name)
			}
		}
	}
}

func TestARNPatternMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		pattern string
		arn     string
		want    bool
	}{
		{name: "literal", pattern: "arn:${P}:a:::x", arn: "arn:aws:a:::x", want: true},
		{name: "literal with tail", pattern: "arn:${P}:a:::x", arn: "arn:aws:a:::xy"},
		{name: "empty partition", pattern: "arn:${P}:a:::x", arn: "arn::a:::x"},
		{name: "star for account", pattern: "arn:${P}:a:*:*:x/${I}", arn: "arn:aws:a:r:1:x/i", want: true},
		{name: "open end takes all", pattern: "arn:${P}:a:::x/${I}", arn: "arn:aws:a:::x/i/j:k", want: true},
		{name: "open end not empty", pattern: "arn:${P}:a:::x/${I}", arn: "arn:aws:a:::x/"},
		{name: "open end empty in a path", pattern: "arn:${P}:a:::${X}/${I}", arn: "arn:aws:a:::x/", want: true},
		{name: "inner part stops at slash", pattern: "arn:${P}:a:::${X}/y", arn: "arn:aws:a:::x/x/y"},
		{name: "inner part stops at colon", pattern: "arn:${P}:a:::${X}/y", arn: "arn:aws:a:::x:x/y"},
		{name: "slash before a colon", pattern: "arn:${P}:a:::${X}:y", arn: "arn:aws:a:::x/x:y", want: true},
		{name: "dash in a name", pattern: "arn:${P}:a:::${X}-${Y}", arn: "arn:aws:a:::x-x-y", want: true},
		{name: "going back", pattern: "arn:${P}:a:::${X}-y/${Y}", arn: "arn:aws:a:::x-y-y/z", want: true},
		{name: "unclosed part", pattern: "arn:${P}:a:::$x", arn: "arn:aws:a:::yx", want: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := parseARNPattern(0, tt.pattern)
			if got := p.match(tt.arn); got != tt.want {
				t.Errorf("%q matches %q: %v, want %v", tt.pattern, tt.arn, got, tt.want)
			}
		})
	}
}

func TestRefines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		fine, coarse string
		same         bool
		want         bool
	}{
		{name: "below a slash", fine: "t/${T}/index/${I}", coarse: "t/${T}", want: true},
		{name: "variable below a slash", fine: "${B}/${K}", coarse: "${B}", want: true},
		{name: "word after a colon", fine: "g:${G}:stream:${S}", coarse: "g:${G}", want: true},
		{name: "qualifier", fine: "f:${F}:${A}", coarse: "f:${F}", same: true},
		{name: "words at the open end", fine: "lb/app/${L}", coarse: "lb/${L}", same: true, want: true},
		{name: "words at the open end, other service", fine: "role/x/y", coarse: "role/${R}"},
		{name: "itself", fine: "t/${T}", coarse: "t/${U}", same: true},
		{name: "the other way", fine: "t/${T}", coarse: "t/${T}/index/${I}", same: true},
		{name: "closed end", fine: "t/${T}/x/y", coarse: "t/${T}/x", same: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const head = "arn:${Partition}:a:r:1:"
			p, q := parseARNPattern(0, head+tt.fine), parseARNPattern(1, head+tt.coarse)
			if got := p.refines(&q, tt.same); got != tt.want {
				t.Errorf("%q refines %q: %v, want %v", tt.fine, tt.coarse, got, tt.want)
			}
		})
	}
}

func TestTemplatePattern(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, want string }{
		{key: "s3:prefix", want: "s3:prefix"},
		{key: "aws:resourcetag/${tagkey}", want: "aws:resourcetag/?*"},
		{key: "s3:existingobjecttag/<key>", want: "s3:existingobjecttag/?*"},
		{key: "a:b/${x}.value", want: "a:b/?*.value"},
		{key: "a.${x}.b:${y}", want: "a.?*.b:?*"},
		{key: "ssm:resourcetag/tag-key", want: "ssm:resourcetag/?*"},
		{key: "glacier:resourcetag/", want: "glacier:resourcetag/?*"},
		{key: "a:tag-key", want: "a:tag-key"},
		{key: "a:${unclosed", want: "a:${unclosed"},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			t.Parallel()
			if got := templatePattern(tt.key); got != tt.want {
				t.Errorf("templatePattern(%q) = %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndexes(b *testing.B) {
	c := Default()
	b.Run("arn", func(b *testing.B) {
		for b.Loop() {
			newARNIndex(c.tab)
		}
	})
	b.Run("keys", func(b *testing.B) {
		for b.Loop() {
			newKeyIndex(c.tab)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	c := Default()
	for _, pattern := range []string{"*", "s3:GetObject", "s3:Get*", "*:Get*", "iam:*Role*"} {
		b.Run(pattern, func(b *testing.B) {
			n := 0
			for b.Loop() {
				for range c.Match(pattern) {
					n++
				}
			}
			b.ReportMetric(float64(n)/float64(b.N), "actions/op")
		})
	}
}

func BenchmarkQuestions(b *testing.B) {
	c := Default()
	b.Run("Action", func(b *testing.B) {
		for b.Loop() {
			c.Action("s3:getobject")
		}
	})
	b.Run("HasKey", func(b *testing.B) {
		for b.Loop() {
			c.HasKey("s3:GetObject", "s3:prefix")
		}
	})
	b.Run("TypesOf", func(b *testing.B) {
		for b.Loop() {
			c.TypesOf("arn:aws:s3:::b/k")
		}
	})
	b.Run("ActionsFor", func(b *testing.B) {
		for b.Loop() {
			c.ActionsFor("arn:aws:s3:::b/k")
		}
	})
}
