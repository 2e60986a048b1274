package solver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Config is what a Solver is made from. Only Inventory is required.
type Config struct {
	Inventory *inventory.Inventory
	// Assume says what is known of requests besides the snapshot.
	Assume Assumptions
	// MaxHops is the largest number of role assumptions on a path; nil means
	// no limit, 0 direct access only.
	MaxHops *int
	// Session are the session policies that the principal of a question was given;
	// it then has to be a session of a role or a federated user (E103).
	Session []Source
	// Unconditional leaves out access that depends on an open condition.
	Unconditional bool
	// Singly solves each principal by itself instead of one of each class. It is
	// slow, and the answers are the same: tests compare the two.
	Singly bool
}

// Assumptions fix condition keys of the requests that are asked about.
type Assumptions struct {
	// Values holds fixed keys, in lower case; an absent value fixes absence.
	Values map[string]policy.Value
	// Unset lists keys, in lower case, to take as absent where AWS does not
	// always set them.
	Unset []string
	// AsOf fixes the time of the requests; zero leaves it open.
	AsOf time.Time
	// From is the earliest time of the requests, where AsOf does not fix it; zero leaves
	// it open. Time goes one way: what was allowed until a day before is so no more, and
	// what is allowed from such a day on is so for good.
	From time.Time
}

// A Solver answers questions over one inventory.
type Solver struct {
	inv *inventory.Inventory
	cfg Config
	// lookup finds who is let into what; graph is the whole of it, which is built
	// when it is to be drawn.
	lookup *graphmodel.Lookup
	graph  func() (*graphmodel.Graph, error)
	ctx    Context
	edges  *assumeEdges
	// endpoints are the VPC endpoints that have a policy.
	endpoints []EndpointPolicy
	// canonical maps S3 canonical user ids to accounts.
	canonical map[string]string
	// tagsUnread are the users and roles of whom not all tags are known, by ARN.
	tagsUnread map[string]bool
	strangers  *strangers
	spaces     spaces
	crowds     crowds
	positions  sync.Map // *inventory.Account → *position
	// docKeys and docReads remember what was found in documents, see actionKeys
	// and readIn.
	docKeys, docReads sync.Map
	carrying          sync.Map // condition key → *sync.Map, of actions; see hasKey
	lost              sync.Map // Gap → true; see Lost
	// obscure are the resources of which it is not known whom they let in from other
	// accounts; see unclear.
	obscure func() []*inventory.Resource
	// idsKnown reports whether each user and role has a unique id, and all were read.
	idsKnown     func() bool
	center       func() *centerBook // see Center
	sessionOnce  sync.Once
	sessionReads []carriedName // see readOfAll
}

// New returns a Solver, or an error that names every bad field of cfg.
func New(cfg Config) (*Solver, error) {
	var errs []error
	if cfg.Inventory == nil {
		errs = append(errs, errors.New("no Inventory"))
	}
	if cfg.MaxHops != nil && *cfg.MaxHops < 0 {
		errs = append(errs, fmt.Errorf("MaxHops %d is negative", *cfg.MaxHops))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("solver config: %w", err)
	}
	return build(cfg)
}
