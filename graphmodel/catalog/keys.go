package catalog

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// A ConditionKey is a key that policy conditions can test.
type ConditionKey struct {
	Name string // in AWS's spelling; templates keep their variable part
	// Type is ARN, Bool, Date, IPAddress, Numeric or String: that of one value.
	Type        string
	Multivalued bool // a request can carry several values
}

var kindNames = [packed.NoKind]string{
	packed.KindARN:       "ARN",
	packed.KindBool:      "Bool",
	packed.KindDate:      "Date",
	packed.KindIPAddress: "IPAddress",
	packed.KindNumeric:   "Numeric",
	packed.KindString:    "String",
}

func (c *Catalog) setKeys() {
	c.keys = make([]ConditionKey, len(c.tab.Keys))
	for i, k := range c.tab.Keys {
		c.keys[i] = ConditionKey{Name: k.Name, Type: kindNames[k.Kind], Multivalued: k.Multivalued}
	}
}

// ConditionKey returns the key with the given name, or the template that the
// name is an instance of: "aws:ResourceTag/team" finds
// aws:ResourceTag/${TagKey}. Of the global keys (aws:...) the catalog has only
// RequestTag, ResourceTag and TagKeys.
func (c *Catalog) ConditionKey(name string) (ConditionKey, bool) {
	ids := c.keyIndex().find(name)
	if len(ids) == 0 {
		return ConditionKey{}, false
	}
	return c.keys[ids[0]], true
}

// ConditionKeys returns the keys that the source lists for a service, sorted
// by lower-case name. They can be keys of another namespace.
func (c *Catalog) ConditionKeys(service string) []ConditionKey {
	e, ok := c.extents[strings.ToLower(service)]
	if !ok {
		return nil
	}
	var out []ConditionKey
	for _, id := range c.tab.KeyLists[e.keys] {
		out = append(out, c.keys[id])
	}
	return out
}

// HasKey reports whether a request for action may carry the condition key. It
// is false only if the catalog knows both and lists the key neither for the
// action, nor for one of its resource types, nor for the pair. So it is true
// for actions and keys that the catalog does not know, which include all
// global keys (aws:...) except RequestTag, ResourceTag and TagKeys; for keys
// that come with the caller's credentials instead of with the action; and for
// keys that the source lists for the action's service but not for any action.
func (c *Catalog) HasKey(action, key string) bool {
	a, known := c.Action(action)
	ix := c.keyIndex()
	ids := ix.find(key)
	if !known || len(ids) == 0 || slices.ContainsFunc(ids, func(id uint32) bool { return ix.carried[id] }) {
		return true
	}
	row := &c.tab.Actions[a.ID]
	if c.listed(row.Keys, ids) || c.listedLoosely(a.Service(), ids) {
		return true
	}
	for _, r := range c.tab.RefLists[row.Refs] {
		// Many services list the keys of a resource with its type only; without
		// those, s3:GetObject would lack s3:DataAccessPointArn.
		if c.listed(r.Keys, ids) || c.listed(c.tab.Types[r.Type].Keys, ids) {
			return true
		}
	}
	return false
}

// AsksFor reports whether the source lists a condition key, as one that requests carry,
// with an action, or with the action on things such as an ARN names. Keys that it lists
// with a type of resource alone are those of what is there.
func (c *Catalog) AsksFor(action, arn, key string) bool {
	a, known := c.Action(action)
	ids := c.keyIndex().find(key)
	if !known || len(ids) == 0 {
		return false
	}
	row := &c.tab.Actions[a.ID]
	if c.listed(row.Keys, ids) {
		return true
	}
	types := c.typesOf(arn)
	return slices.ContainsFunc(c.tab.RefLists[row.Refs], func(r packed.Ref) bool {
		return slices.Contains(types, int(r.Type)) && c.listed(r.Keys, ids)
	})
}

// AsksElsewhere reports whether the source lists a condition key with an action on other
// things alone than those that an ARN names: where the call is checked for these, it does
// not carry the key. "Many condition keys describe information about a certain type of
// resource and exist only when accessing that type of resource." Source: IAM user guide,
// Condition operators, …IfExists, 2026 crawl.
func (c *Catalog) AsksElsewhere(action, arn, key string) (elsewhere bool) {
	a, known := c.Action(action)
	ids := c.keyIndex().find(key)
	types := c.typesOf(arn)
	if !known || len(ids) == 0 || c.listed(c.tab.Actions[a.ID].Keys, ids) {
		return false
	}
	here := false
	for _, r := range c.tab.RefLists[c.tab.Actions[a.ID].Refs] {
		switch on, lists := slices.Contains(types, int(r.Type)), c.listed(r.Keys, ids); {
		case on && (lists || len(c.tab.KeyLists[r.Keys]) == 0 && c.listed(c.tab.Types[r.Type].Keys, ids)):
			return false // the latter where the source lists the keys with the type alone
		case on:
			here = true
		default:
			elsewhere = elsewhere || lists
		}
	}
	return here && elsewhere
}

// listed reports whether the key list has any of ids.
func (c *Catalog) listed(list uint32, ids []uint32) bool {
	for _, id := range ids {
		if _, ok := slices.BinarySearch(c.tab.KeyLists[list], id); ok {
			return true
		}
	}
	return false
}

// listedLoosely reports whether the source lists one of ids for the service
// without saying with which of its actions.
func (c *Catalog) listedLoosely(service string, ids []uint32) bool {
	ix := c.keyIndex()
	return slices.ContainsFunc(ids, func(id uint32) bool {
		return ix.unused[id] && c.listed(c.extents[service].keys, []uint32{id})
	})
}

// A keyIndex finds condition keys by name.
type keyIndex struct {
	exact     map[string]uint32 // by lower-case name
	templates []keyTemplate     // most literal first
	carried   []bool            // by key: comes with the caller's credentials
	unused    []bool            // by key: no action and no type in use has it
}

type keyTemplate struct {
	id      uint32
	pattern string // lower-case, for glob
}

// find returns the key of that name, then the templates that it is an instance
// of, most literal first.
func (ix *keyIndex) find(name string) []uint32 {
	name = strings.ToLower(name)
	var ids []uint32
	if id, ok := ix.exact[name]; ok {
		ids = append(ids, id)
	}
	for _, t := range ix.templates {
		if glob(t.pattern, name) && !slices.Contains(ids, t.id) {
			ids = append(ids, t.id)
		}
	}
	return ids
}

func newKeyIndex(tab *packed.Tables) *keyIndex {
	ix := &keyIndex{exact: make(map[string]uint32, len(tab.Keys)), carried: carriedKeys(tab), unused: unusedKeys(tab)}
	for i, k := range tab.Keys {
		id, low := uint32(i), strings.ToLower(k.Name) //nolint:gosec // the packed form has 32-bit indexes
		ix.exact[low] = id
		if p := templatePattern(low); p != low {
			ix.templates = append(ix.templates, keyTemplate{id: id, pattern: p})
		}
	}
	slices.SortStableFunc(ix.templates, func(a, b keyTemplate) int { return cmp.Compare(len(b.pattern), len(a.pattern)) })
	return ix
}

// templatePattern turns each variable part of a lower-case key into "?*". The
// source writes them as ${X} or <x>, and in a few keys as a last element that
// is "tag-key" or empty.
func templatePattern(key string) string {
	var b strings.Builder
	rest := key
	for {
		start := strings.IndexAny(rest, "$<")
		if start < 0 {
			break
		}
		n := strings.IndexAny(rest[start:], "}>")
		if n < 0 {
			break
		}
		b.WriteString(rest[:start] + "?*")
		rest = rest[start+n+1:]
	}
	if stem, ok := strings.CutSuffix(rest, "/tag-key"); ok {
		rest = stem + "/"
	}
	if strings.HasSuffix(rest, "/") {
		rest += "?*"
	}
	b.WriteString(rest)
	return b.String()
}

// credentialKeys are the lower-case keys that AWS documents as part of the
// caller's session, so that requests for any action can carry them, although
// the source lists them with few actions or none.
var credentialKeys = map[string]bool{
	"codebuild:buildarn":            true,
	"codebuild:projectarn":          true,
	"ec2:roledelivery":              true,
	"ec2:sourceinstancearn":         true,
	"glue:credentialissuingservice": true,
	"glue:roleassumedby":            true,
	"identitystore:userid":          true,
	"lambda:sourcefunctionarn":      true,
	"ssm:sourceinstancearn":         true,
}

// carriedKeys marks credentialKeys and the keys of federated sessions: those
// of SAML, and those whose namespace is the host name of an identity provider.
func carriedKeys(tab *packed.Tables) []bool {
	carried := make([]bool, len(tab.Keys))
	for i, k := range tab.Keys {
		low := strings.ToLower(k.Name)
		namespace, _, _ := strings.Cut(low, ":")
		carried[i] = credentialKeys[low] || namespace == "saml" || strings.Contains(namespace, ".")
	}
	return carried
}

// unusedKeys marks the keys that only the list of a service has.
func unusedKeys(tab *packed.Tables) []bool {
	unused := make([]bool, len(tab.Keys))
	for i := range unused {
		unused[i] = true
	}
	use := func(list uint32) {
		for _, id := range tab.KeyLists[list] {
			unused[id] = false
		}
	}
	for i := range tab.Actions {
		use(tab.Actions[i].Keys)
		for _, r := range tab.RefLists[tab.Actions[i].Refs] {
			use(r.Keys)
			use(tab.Types[r.Type].Keys)
		}
	}
	return unused
}
