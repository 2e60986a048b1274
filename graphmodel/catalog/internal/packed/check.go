package packed

import (
	"errors"
	"fmt"
	"strings"
)

// check verifies the rules of Tables that the columns do not already enforce,
// except that strings are printable: nothing breaks if they are not.
func check(t *Tables) error {
	if len(t.KeyLists) == 0 || len(t.KeyLists[0]) != 0 ||
		len(t.RefLists) == 0 || len(t.RefLists[0]) != 0 ||
		len(t.DepLists) == 0 || len(t.DepLists[0]) != 0 {
		return errors.New("list 0 is not the empty list")
	}
	for i, a := range t.Actions {
		if int(a.Deps) >= len(t.DepLists) {
			return fmt.Errorf("action %q has dependency list %d", a.Name, a.Deps)
		}
		if i > 0 && t.Folded[i-1] >= t.Folded[i] {
			return fmt.Errorf("action %q is out of order", a.Name)
		}
	}
	if err := ascending("condition key", t.Keys, func(k Key) string { return k.Name }); err != nil {
		return err
	}
	if err := ascending("service", t.Services, func(s Service) string { return s.Prefix + ":" }); err != nil {
		return err
	}
	return checkExtents(t)
}

// checkExtents verifies that services, types and actions fit each other.
func checkExtents(t *Tables) error {
	var typ, act uint64 // of the services so far
	for _, s := range t.Services {
		typEnd, actEnd := typ+uint64(s.NumTypes), act+uint64(s.NumActions)
		if typEnd > uint64(len(t.Types)) || actEnd > uint64(len(t.Actions)) {
			return fmt.Errorf("service %q claims more than there is", s.Prefix)
		}
		if err := ascending("type", t.Types[typ:typEnd], func(x Type) string { return x.Name }); err != nil {
			return err
		}
		prefix := fold(s.Prefix) + ":"
		for i := act; i < actEnd; i++ {
			if !strings.HasPrefix(t.Folded[i], prefix) {
				return fmt.Errorf("action %q is not of %s", t.Actions[i].Name, s.Prefix)
			}
			l := t.RefLists[t.Actions[i].Refs]
			if n := len(l); n > 0 && (uint64(l[0].Type) < typ || uint64(l[n-1].Type) >= typEnd) {
				return fmt.Errorf("action %q has a type of another service", t.Actions[i].Name)
			}
		}
		typ, act = typEnd, actEnd
	}
	if typ != uint64(len(t.Types)) || act != uint64(len(t.Actions)) {
		return errors.New("types or actions without a service")
	}
	return nil
}

// ascending reports the first row whose name is empty or not above the one before.
func ascending[T any](what string, rows []T, name func(T) string) error {
	prev := ""
	for _, r := range rows {
		n := name(r)
		if !foldLess(prev, n) {
			return fmt.Errorf("%s %q is out of order", what, n)
		}
		prev = n
	}
	return nil
}

// foldLess reports whether fold(a) < fold(b), without allocating.
func foldLess(a, b string) bool {
	for i := range min(len(a), len(b)) {
		if x, y := foldByte(a[i]), foldByte(b[i]); x != y {
			return x < y
		}
	}
	return len(a) < len(b)
}

// printable reports the first byte of s that is not printable ASCII.
func printable(s string) error {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return fmt.Errorf("byte %#x in %q", s[i], s)
		}
	}
	return nil
}
