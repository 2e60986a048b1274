package permission_test

import (
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// Law: a context is in a set whatever its questions come to, or perhaps, if it is in
// the set for all answers, or for some.
func TestWhateverAndPerhaps(t *testing.T) {
	t.Parallel()
	questions := []string{"first?", "second?"}
	opaque := [2]*guard.Expr{guard.Opaque(questions[0]), guard.Opaque(questions[1])}
	rapid.Check(t, func(t *rapid.T) {
		s := permission.NewSpace(permission.Config{Tests: tests, Opaque: questions, NoResource: true})
		// parts[i] is the set where the answers are the bits of i.
		var parts [4]*permission.Guard
		whole, every, some := s.Never(), s.Always(), s.Never()
		for i := range parts {
			parts[i], _ = drawGuard(t, s, 2)
			answers := guard.True
			for k, q := range opaque {
				if i>>k&1 == 0 {
					q = guard.Not(q)
				}
				answers = guard.And(answers, q)
			}
			whole = s.OrGuards(whole, s.AndGuards(parts[i], s.When(answers)))
			every, some = s.AndGuards(every, parts[i]), s.OrGuards(some, parts[i])
		}
		if s.Whatever(whole) != every || s.Perhaps(whole) != some {
			t.Fatal("another set than that of all answers, or of some")
		}
		if s.Whatever(every) != every || s.Perhaps(some) != some {
			t.Fatal("what asks no question changes")
		}
	})
}
