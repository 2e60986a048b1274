package hitting

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSolve(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		hit, spare [][]int
		want       []int
		none       bool
	}{
		{name: "nothing to hit"},
		{name: "one of each", hit: [][]int{{3}, {5}}, want: []int{3, 5}},
		{name: "what they share", hit: [][]int{{1, 9}, {2, 9}, {3, 9}}, want: []int{9}},
		{name: "the lower of two", hit: [][]int{{7, 4}}, want: []int{4}},
		{name: "the lower is to be spared", hit: [][]int{{7, 4}}, spare: [][]int{{4}}, want: []int{7}},
		{name: "one of two is to be spared", hit: [][]int{{1, 2}, {1, 3}, {4}}, spare: [][]int{{1, 4}}, want: []int{2, 3, 4}},
		{name: "greed is not enough", hit: [][]int{{1, 5}, {2, 5}, {3, 6}, {4, 6}, {1, 3, 7}, {2, 4, 7}}, want: []int{1, 2, 6}},
		{name: "nothing is left", hit: [][]int{{1, 2}, {3}}, spare: [][]int{{3}}, none: true},
		{name: "nothing is left of two", hit: [][]int{{1}, {2}}, spare: [][]int{{1, 2}}, none: true},
		{name: "an empty set", hit: [][]int{{}, {1}}, none: true},
		{name: "what nobody needs is spared", hit: [][]int{{1}}, spare: [][]int{{1, 2}}, want: []int{1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := Problem{Hit: tt.hit, Spare: tt.spare}
			got := p.Solve()
			if !slices.Equal(got.Set, tt.want) || got.Found == tt.none || !got.Exact {
				t.Errorf("got %+v, want %v", got, tt.want)
			}
			if got.Found && got.AtLeast != len(tt.want) {
				t.Errorf("at least %d, but %d are enough", got.AtLeast, len(tt.want))
			}
		})
	}
}

func drawSets(t *rapid.T, name string, most int) (sets [][]int) {
	set := rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 1, 4, rapid.ID[int])
	return rapid.SliceOfN(set, 0, most).Draw(t, name)
}

// Law: the answer does, and none of fewer elements does; there is none where no set
// of all does.
func TestSolveIsSmallest(t *testing.T) {
	t.Parallel()
	var found, none, spared int
	rapid.Check(t, func(t *rapid.T) {
		p := Problem{Hit: drawSets(t, "hit", 9), Spare: drawSets(t, "spare", 4)}
		got := p.Solve()
		if !got.Exact {
			t.Fatal("ten elements are too many")
		}
		mask := func(s []int) (m uint) {
			for _, e := range s {
				m |= 1 << e
			}
			return m
		}
		does := func(set uint) bool {
			return !slices.ContainsFunc(p.Hit, func(s []int) bool { return mask(s)&set == 0 }) &&
				!slices.ContainsFunc(p.Spare, func(s []int) bool { return mask(s)&^set == 0 })
		}
		least := -1
		for set := range uint(1 << 10) {
			if does(set) && (least < 0 || bits.OnesCount(set) < least) {
				least = bits.OnesCount(set)
			}
		}
		switch {
		case got.Found != (least >= 0):
			t.Fatalf("found %v, but the fewest are %d", got.Found, least)
		case got.Found && (!does(mask(got.Set)) || len(got.Set) != least || got.AtLeast != least):
			t.Fatalf("got %+v, the fewest are %d", got, least)
		}
		slices.Reverse(p.Hit)
		if again := p.Solve(); !slices.Equal(again.Set, got.Set) {
			t.Fatalf("got %v in one order, %v in another", got.Set, again.Set)
		}
		if !got.Found {
			none++
		} else if found++; len(p.Spare) > 0 {
			spared++
		}
	})
	if found == 0 || none == 0 || spared == 0 {
		t.Errorf("%d found, %d of them with something to spare; %d without an answer", found, spared, none)
	}
}

func TestSolveSaysWhenItGivesUp(t *testing.T) {
	t.Parallel()
	var hit [][]int
	for i := range 24 {
		for j := range i {
			for k := range j {
				if (i+2*j+3*k)%5 == 0 {
					hit = append(hit, []int{i, j, k})
				}
			}
		}
	}
	p := Problem{Hit: hit, Budget: 50}
	got := p.Solve()
	if !got.Found || got.Exact || got.AtLeast > len(got.Set) {
		t.Fatalf("got %+v", got)
	}
	for _, s := range hit {
		if !slices.ContainsFunc(s, func(e int) bool { return slices.Contains(got.Set, e) }) {
			t.Errorf("%v is not hit", s)
		}
	}
}
