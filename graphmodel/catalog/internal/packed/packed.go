// Package packed reads and writes the compact form of the action catalog: one
// zstd frame around columns of varints and newline-joined strings.
//
// Encode is deterministic: equal Tables give equal bytes (for one version of
// the compressor). Decode never panics and never allocates more than a small
// multiple of the decompressed size, whatever the input; what it accepts obeys
// every rule documented on [Tables].
package packed

// NoKind is the first value that is not a Kind.
const NoKind = KindString + 1

// A Kind is the type of a single condition key value.
type Kind uint8

// The kinds, by their names in the source.
const (
	KindARN Kind = iota
	KindBool
	KindDate
	KindIPAddress
	KindNumeric
	KindString
)

// Bits of an action's access level.
const (
	AccessList uint8 = 1 << iota
	AccessPermissions
	AccessRead
	AccessTagging
	AccessWrite

	accessAll  = 1<<iota - 1
	permOnly   = accessAll + 1 // flag bit above the access bits
	flagsLimit = permOnly << 1
)

// Tables is the catalog as plain tables that refer to each other by index.
//
// Keys, and the services' prefixes with a colon appended, are strictly
// ascending in lower case; so are the type names within a service, and the
// full names of all actions. Types and Actions are grouped by service, in
// service order. The lists of lists hold strictly ascending indexes, and their
// entry 0 is the empty list. All strings are printable ASCII.
type Tables struct {
	Version string // of the source
	Date    string // of the source, as 2006-01-02

	Keys     []Key
	KeyLists [][]uint32 // each a list of indexes into Keys
	Services []Service
	Types    []Type
	RefLists [][]Ref // each ascending by type
	Actions  []Action
	DepLists [][]uint32 // each a list of indexes into Actions

	// Folded has the lower-case names of Actions. Decode sets it, Encode
	// ignores it.
	Folded []string
}

// A Key is a condition key.
type Key struct {
	Name        string
	Kind        Kind
	Multivalued bool
}

// A Service is one service prefix with the extent of its types and actions.
type Service struct {
	Prefix     string
	RCP        bool
	Keys       uint32 // index into KeyLists
	NumTypes   uint32
	NumActions uint32
}

// A Type is a resource type.
type Type struct {
	Name string
	ARNs []string
	Keys uint32 // index into KeyLists
}

// An Action is an action. Few combinations of types and of keys exist, which
// is why actions share lists.
type Action struct {
	Name           string // in full, with the service prefix
	Access         uint8
	PermissionOnly bool
	Keys           uint32 // index into KeyLists
	Deps           uint32 // index into DepLists
	Refs           uint32 // index into RefLists; the types are of the action's service
}

// A Ref says that an action works on a type.
type Ref struct {
	Type     uint32 // index into Types
	Required bool
	Keys     uint32 // index into KeyLists
}
