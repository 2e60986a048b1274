package draw

// The widths of the letters from space to tilde in Helvetica and Helvetica Bold, in
// thousandths of the size, as Adobe's font metrics have them and as Graphviz takes
// them for its layout.
var (
	plainWidths = [95]int16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584,
		584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667,
		611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500,
		722, 500, 500, 500, 334, 260, 334, 584,
	}
	boldWidths = [95]int16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584,
		584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667,
		611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556,
		778, 556, 556, 500, 389, 280, 389, 584,
	}
)

// widthOf returns how wide a text of a size is laid out; false when it has letters
// of which that is not known.
func widthOf(s string, bold bool, size float64) (float64, bool) {
	widths := &plainWidths
	if bold {
		widths = &boldWidths
	}
	sum := 0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			sum += int(widths[r-' '])
		case r == '\u00a0':
			sum += int(widths[0])
		case r == '…', r == '—':
			sum += 1000
		case r == '–':
			sum += 556
		default:
			return 0, false
		}
	}
	return float64(sum) * size / 1000, true
}
