package cloudformation

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// CloudFormation takes away what an earlier template made and this one does not
// say any more. A template does not tell what that is; what the snapshot holds
// of a resource of the stack beside what the template says may be of that kind,
// so that it is a gap whether it stays.

// says notes that a template says something of what is there.
func (d *deployment) says(parts ...string) {
	d.said[strings.ToLower(strings.Join(parts, "\x00"))] = true
}

func (d *deployment) saysNot(parts ...string) bool {
	return !d.said[strings.ToLower(strings.Join(parts, "\x00"))]
}

// key names an entity among what is said.
func key(who overlay.Entity) string { return who.Account + " " + who.Kind.String() + " " + who.Name }

// putInline, putAttached and putJoined hang something on an entity.
func (d *deployment) putInline(who overlay.Entity, name string, document jsontext.Value) {
	d.says(key(who), "inline", name)
	d.edit.PutInline(who, name, document)
}

func (d *deployment) putAttached(who overlay.Entity, policy string) {
	d.says(key(who), "attached", policy)
	d.edit.Attach(who, policy)
}

func (d *deployment) putJoined(account, user, group string) {
	d.says(key(overlay.Entity{Account: account, Kind: overlay.User, Name: user}), "group", group)
	d.edit.Join(account, user, group)
}

// leftovers finds what the snapshot as it was holds beside what the templates
// say.
func (d *deployment) leftovers(items []*item, was *snapshot.Snapshot) {
	kinds := map[string]overlay.Kind{"AWS::IAM::Role": overlay.Role, "AWS::IAM::User": overlay.User, "AWS::IAM::Group": overlay.Group}
	for _, it := range items {
		if it.typ == "AWS::Organizations::Policy" && it.doubt == "" {
			it.leftTargets(was.Organization)
			continue
		}
		id := it.s.ids[it.id]
		if id == nil || id.why != "" || it.doubt != "" {
			continue
		}
		if kind, ok := kinds[it.typ]; ok {
			it.leftOnEntity(overlay.Entity{Account: it.s.account, Kind: kind, Name: id.name})
			continue
		}
		if handlers[it.typ].put != nil {
			it.leftPolicy(id.arn)
		}
	}
	for _, s := range d.stacks {
		s.removed()
	}
}

func (it *item) leftOnEntity(who overlay.Entity) {
	d := it.s.d
	inline, attached, groups := d.before.Hanging(who)
	var left []string
	for _, name := range inline {
		if d.saysNot(key(who), "inline", name) {
			left = append(left, "the inline policy "+short(name))
		}
	}
	for _, policy := range attached {
		if d.saysNot(key(who), "attached", policy) {
			left = append(left, "the policy "+short(policy))
		}
	}
	for _, group := range groups {
		if d.saysNot(key(who), "group", group) {
			left = append(left, "its place in the group "+short(group))
		}
	}
	if d.before.Boundary(who) != "" && it.props.get("PermissionsBoundary").missing() {
		left = append(left, "its permissions boundary")
	}
	it.left(left)
}

// left tells what the snapshot holds of the item beside what the template says.
func (it *item) left(what []string) {
	if len(what) == 0 {
		return
	}
	const most = 5
	if more := len(what) - most; more > 0 {
		what = append(what[:most:most], "more")
	}
	it.gap("it is there already, with " + strings.Join(what, ", ") +
		", which the template does not mention: whether an earlier template put that there, so that it goes, is not known")
}

// leftPolicy looks at the policy of a resource that was there before.
func (it *item) leftPolicy(text string) {
	d := it.s.d
	r, there := d.before.Resource(text)
	if !there || r.Policy.Known != inventory.Have {
		return
	}
	if !d.saysNot("policy", text) {
		it.left(it.leftStatements(text, r.Policy.Value))
		return
	}
	switch it.typ {
	case "AWS::SNS::Topic": // what they have when nobody says anything
		if sameJSON(r.Policy.Value, overlay.DefaultTopicPolicy(text, it.s.account)) {
			return
		}
	case "AWS::KMS::Key", "AWS::KMS::ReplicaKey":
		if sameJSON(r.Policy.Value, overlay.DefaultKeyPolicy(it.s.partition, it.s.account)) {
			return
		}
	}
	it.left([]string{"its policy"})
}

// leftStatements lists the statements that this stack, by their name, has put
// into the policy of a function, and that the template does not mention.
func (it *item) leftStatements(text string, policy jsontext.Value) (left []string) {
	if !strings.HasPrefix(it.typ, "AWS::Lambda::") {
		return nil // others have their whole policy from one place
	}
	doc, why := snapshot.DocumentText(policy)
	if why != "" {
		return nil
	}
	v, err := parseJSON(doc)
	if err != nil {
		return nil
	}
	for _, st := range v.get("Statement").elements() {
		sid, _ := st.get("Sid").scalar()
		if strings.HasPrefix(sid, it.s.called+"-") && it.s.d.saysNot("statement", text, sid) {
			left = append(left, "the statement "+short(sid)+" of its policy")
		}
	}
	return left
}

func sameJSON(a, b jsontext.Value) bool {
	x, why := snapshot.DocumentText(a)
	if why != "" {
		return false
	}
	v, w := jsontext.Value(slices.Clone(x)), b.Clone()
	return v.Canonicalize() == nil && w.Canonicalize() == nil && string(v) == string(w)
}

// removed finds what the stack holds, as AWS lists it, and the template does not
// make any more. Whether the template before it said to keep it is not listed.
func (s *stack) removed() {
	for _, logical := range slices.Sorted(maps.Keys(s.physical)) {
		was := s.physical[logical]
		h := handlers[was.typ]
		if r := s.resources.get(logical); r != nil {
			if _, made := s.made(logical, r); made {
				continue
			}
		}
		if was.typ != "" && h.put == nil && h.hang == nil && !bearing[was.typ] && was.typ != nestedType {
			continue
		}
		s.d.gap(s, "cloudformation", short(logical)+" ("+short(was.id)+")",
			"the stack holds it, and "+s.t.file+" does not make it any more: it goes, unless its DeletionPolicy keeps it; answers still count it")
	}
}
