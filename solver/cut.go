package solver

// A CutQuestion asks how to close the ways to a resource.
type CutQuestion struct {
	Resource string   // as for WhoCan
	Actions  []string // as for WhoCan
	// From says whose ways are unwanted, and Keep who must lose no access to the
	// resource: principals, patterns of ARNs, accounts by their ids, "anonymous", or
	// "outside" for anonymous callers and principals of accounts that the snapshot
	// does not hold. No From means everybody whom Keep does not need.
	From []string
	Keep []string
	// Leave names what must not be changed: policies, or resources and roles for
	// what hangs on them, by ARN or pattern, as answers name them.
	Leave []string
	// Brief leaves out what else the removal breaks.
	Brief bool
}

// CutAnswer is the smallest set of grants whose removal closes all unwanted ways
// that can be closed.
type CutAnswer struct {
	Pathfinder string   `json:"pathfinder"` // "cut/1"
	Resource   string   `json:"resource"`
	Actions    []string `json:"actions"` // as asked; patterns
	From       []string `json:"from"`
	Keep       []string `json:"keep"`
	Leave      []string `json:"leave,omitempty"`
	// Unwanted are the principals whose ways are to be closed, Ways how many ways
	// they have.
	Unwanted []string   `json:"unwanted"`
	Ways     int        `json:"ways"`
	Cut      []CutGrant `json:"cut"`
	// Smallest says that it is proven that no smaller set does; NotProven why it is
	// not, and AtLeast how many any set has.
	Smallest  bool   `json:"smallest"`
	NotProven string `json:"notProven,omitempty"`
	AtLeast   int    `json:"atLeast"`
	// Closed says that nobody unwanted is left, asked again after the removal;
	// Open are those who are, each with the reason.
	Closed bool      `json:"closed"`
	Open   []CutOpen `json:"open"`
	// Crossed are principals that all ways of several unwanted ones cross.
	Crossed  []CutCrossing `json:"crossed"`
	Unknown  []Gap         `json:"unknown"`
	Complete bool          `json:"complete"`
	Notes    []Gap         `json:"notes,omitempty"` // as in WhoCanAnswer

	access []Access // the unwanted ways, for pictures
	public *PublicAccess
}

// The types of grants that are no statements, beside those of documents.
const (
	TypeAttachment = "attachment" // of a policy that AWS manages: Policy is its ARN
	TypeACL        = "acl"        // an entry of an S3 ACL: Policy is the bucket or object
	TypeKeyGrant   = "kms-grant"  // Policy is the key, Sid the grant's id
	TypeShare      = "share"      // Policy is the snapshot that is shared, Sid with whom
)

// CutGrant is one grant to remove: an Allow statement, or something of another
// type that lets somebody in.
type CutGrant struct {
	StatementRef
	// Places are what it hangs on. A statement of a managed policy is one grant, in
	// however many places.
	Places []string `json:"places"`
	// Change says what to do.
	Change string `json:"change"`
	// Statements is what is removed, in policy language.
	Statements []string `json:"statements,omitempty"`
	// Ways is how many of the unwanted ways it is named in. Entries of ACLs, grants
	// of keys and shares are named in none.
	Ways int `json:"ways,omitempty"`
	// Breaks is what else is lost by whoever holds the grant, or whom a resource or
	// role lets in by it. Who goes through them to it loses it too. It is nil when
	// nobody looked. Unseen is how
	// many pairs of a principal and a resource were not looked at, because there are
	// too many.
	Breaks []CutLoss `json:"breaks"`
	Unseen int       `json:"unseen,omitempty"`
	// Instead is a smaller change of the statement that is enough, and by which less
	// is lost; nil when there is none or nobody looked.
	Instead *CutEdit `json:"instead,omitempty"`
}

// CutEdit is a change of a statement in place of its removal. With all such changes of
// an answer, and the removal of what has none, the same ways are closed and nothing is
// taken from whoever is to be kept: that is asked of the snapshot with them.
type CutEdit struct {
	Change    string   `json:"change"`    // what to do
	Element   string   `json:"element"`   // "Principal", "Action" or "Resource"
	Remove    []string `json:"remove"`    // entries of it
	Statement string   `json:"statement"` // what stays, in policy language
	// Breaks and Unseen are as in CutGrant.
	Breaks []CutLoss `json:"breaks"`
	Unseen int       `json:"unseen,omitempty"`
}

// CutLoss is access that is lost besides what was to be closed: by each of the
// principals to each of the resources.
type CutLoss struct {
	Principals []string `json:"principals"`
	Resources  []string `json:"resources"`
	// Actions are the first ones that are lost, on all that is inside or on some of
	// it, and More is how many there are besides.
	Actions []string `json:"actions"`
	More    int      `json:"more,omitempty"`
}

// CutOpen is a principal whose ways can't be closed.
type CutOpen struct {
	Principal string `json:"principal"`
	Why       string `json:"why"`
	// Keeps are those who would lose access.
	Keeps []string `json:"keeps,omitempty"`
	// Needed are grants that both need.
	Needed []StatementRef `json:"needed,omitempty"`
	// Narrow is a Deny that closes the ways of this principal and takes nothing from
	// whoever is to be kept; nil when none was found.
	Narrow *CutDeny `json:"narrow,omitempty"`
}

// CutDeny is a policy of Deny statements to add to a principal. That it closes the
// ways is asked of the snapshot with it.
type CutDeny struct {
	Policy     string   `json:"policy"` // the principal
	Type       string   `json:"type"`
	Statements []string `json:"statements"`
}

// CutCrossing is a principal that all ways of others cross.
type CutCrossing struct {
	Principal string `json:"principal"`
	// Starts is how many unwanted principals have no way around it, itself
	// included if it is one; All says that nobody has.
	Starts int  `json:"starts"`
	All    bool `json:"all"`
}

// Cut finds the smallest set of grants whose removal closes all unwanted ways to a
// resource. Conditions are left alone: access under a condition is access.
//
// Grants are the Allow statements of identity, resource and trust policies, entries
// of ACLs, grants of keys, and, of a policy that AWS manages and nobody can change,
// its being attached to something. What only limits access, such as a boundary or a
// service control policy, is no grant and stays.
//
// The set is found by asking again and again: every way that is still open after a
// removal shows a set of grants that is enough for it, one of which has to go. The
// smallest set that holds one of each is removed next, until nothing is open. So it
// is smallest as far as a removal never opens anything; where it can, the answer
// says that this is not proven.
func (s *Solver) Cut(q CutQuestion) (*CutAnswer, error) {
	c, err := s.newCutter(q)
	if err != nil {
		return nil, err
	}
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.answer()
}
