package measure

import (
	"fmt"
	"strconv"
	"time"
)

// Time writes a duration with three figures: "12.3 ms", "4.56 s".
func Time(d time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return figures(float64(d)/float64(time.Microsecond)) + " µs"
	case d < time.Second:
		return figures(float64(d)/float64(time.Millisecond)) + " ms"
	}
	return figures(d.Seconds()) + " s"
}

// Bytes writes a size: "640 KiB", "12.3 MiB", "1.95 GiB"; "–" for 0, which
// means that it is not known.
func Bytes(n int64) string {
	switch {
	case n <= 0:
		return "–"
	case n < 1<<20:
		return figures(float64(n)/(1<<10)) + " KiB"
	case n < 1<<30:
		return figures(float64(n)/(1<<20)) + " MiB"
	}
	return figures(float64(n)/(1<<30)) + " GiB"
}

// figures writes a number with three figures, and all before the point.
func figures(f float64) string {
	switch {
	case f < 9.995:
		return strconv.FormatFloat(f, 'f', 2, 64)
	case f < 99.95:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return Count(int(f + 0.5))
}

// Count writes a number with separators: "1,000,000".
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Ratio writes how many times a is of b: "213×", "–" when b is 0.
func Ratio(a, b time.Duration) string {
	if b <= 0 {
		return "–"
	}
	return figures(float64(a)/float64(b)) + "×"
}
