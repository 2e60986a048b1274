package solver

import (
	"maps"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// notes are what a judge has found out and would find out again.
type notes struct {
	memo    rulings[string]
	about   map[string]*remarks
	trusted rulings[trustKey]
	trustOf map[*policy.Document]*inventory.Principal // the first role that has a trust policy
	// rcpsReadRole says that of resource control policies; see trustReadsRole. Nil before it was asked.
	rcpsReadRole *bool
	moves        rulings[moveKey]
	raised       map[raiseKey]*leg
	beneath      map[moveKey][]takenOver
	within       map[*escalation.Method]*targetSet
	alike        map[string]*targetSet // by kindOfTargets
	gained       map[gainKey]bool
	lacking      map[lackKey][]bool
	holding      map[holdKey]bool
	plains       map[*inventory.Principal]*state
	barred       map[moveKey]bool
	lifts        map[liftKey]lifted
	probes       map[*policy.Document][]duty
	policies     map[string]*inventory.Policy // see managed
	// mightiest are mighty's, nil before it was asked.
	mightiest []string
	widest    []string                         // wideBoundaries', nil before it was asked
	bounds    map[string]*inventory.Policy     // see boundaries
	taken     map[string]bool                  // names; see isTaken
	personal  map[string]bool                  // by ARN; see namesPeople
	runs      map[string][]*inventory.Resource // by the ARN of a role; see running
	// runsPersonal says that some of runs names people.
	runsPersonal bool
	// ways are enterable's, nil before it was asked, and acting the states of as.
	ways    map[*inventory.Principal][]leg
	acting  map[*inventory.Principal]*state
	opened  map[int][]*escalation.Method // what open says of states, by id
	reached rulings[reachKey]
	invited []*inventory.Principal // guests', nil before it was asked
}

func newNotes() notes {
	return notes{
		memo: rulings[string]{}, about: map[string]*remarks{}, trusted: rulings[trustKey]{}, trustOf: map[*policy.Document]*inventory.Principal{},
		moves: rulings[moveKey]{}, raised: map[raiseKey]*leg{}, beneath: map[moveKey][]takenOver{}, within: map[*escalation.Method]*targetSet{},
		alike: map[string]*targetSet{}, gained: map[gainKey]bool{}, lacking: map[lackKey][]bool{}, holding: map[holdKey]bool{},
		plains: map[*inventory.Principal]*state{}, barred: map[moveKey]bool{}, lifts: map[liftKey]lifted{}, probes: map[*policy.Document][]duty{},
		personal: map[string]bool{}, acting: map[*inventory.Principal]*state{}, opened: map[int][]*escalation.Method{},
		reached: rulings[reachKey]{},
	}
}

// forget lets go of all that was found out but who the climbers are. The ids of other
// states are used again.
func (pl *camp) forget() {
	pl.notes = newNotes()
	maps.DeleteFunc(pl.ids, func(_ string, id int) bool { return id >= pl.settled })
	clear(pl.first[pl.settled:])
	pl.first = pl.first[:pl.settled]
}
