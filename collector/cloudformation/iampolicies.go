package cloudformation

import (
	"cmp"
	"slices"
	"strconv"

	"pathfinder/collector/overlay"
	"pathfinder/graphmodel/arn"
)

// hangEntity hangs on an entity what its own properties name.
func hangEntity(kind overlay.Kind) func(*item) {
	return func(it *item) {
		who, _, ok := it.entity(kind)
		if !ok {
			return
		}
		it.inline(who, it.props.get("Policies"))
		it.attach(who, it.props.get("ManagedPolicyArns"))
		for _, g := range it.props.get("Groups").elements() {
			it.join(who.Name, g)
		}
	}
}

// inline puts the inline policies of the property Policies.
func (it *item) inline(who overlay.Entity, list *value) {
	d := it.s.d
	if list != nil && list.kind == kindUnknown {
		d.putInline(who, unknownName(it.id+"-Policies"), overlay.Unknown(list.text))
		return
	}
	for i, p := range list.elements() {
		name, ok := p.get("PolicyName").scalar()
		if !ok {
			name = it.nameless(who, p.get("PolicyName")) + "-" + strconv.Itoa(i)
		}
		doc := p.get("PolicyDocument")
		if p.kind == kindUnknown {
			doc = p
		}
		d.putInline(who, name, it.document(doc))
	}
}

// unknownName names an inline policy that stands for one whose name, or place,
// is not known.
func unknownName(id string) string { return "UNKNOWN-" + short(id) }

// attach attaches the managed policies of a list of ARNs. One that is not known
// stands as an inline policy that can't be read.
func (it *item) attach(who overlay.Entity, list *value) {
	d := it.s.d
	for i, p := range list.elements() {
		policy, ok := p.scalar()
		why, _ := p.reason()
		switch {
		case it.doubt != "":
			why = it.doubt
		case ok && arn.Is(policy):
			d.putAttached(who, policy)
			continue
		case ok:
			why = quote(policy) + " is not the ARN of a managed policy"
		case why == "":
			why = "the list of managed policies holds " + p.what()
		}
		d.putInline(who, unknownName(it.id+"-ManagedPolicy-"+strconv.Itoa(i)), overlay.Unknown(why))
	}
}

// join makes a user a member of a group.
func (it *item) join(user string, group *value) {
	name, ok := group.scalar()
	why, _ := group.reason()
	if it.doubt != "" || !ok {
		if it.doubt == "" {
			it.gap("which group the user " + short(user) + " joins is not known: " + why)
		}
		if _, _, groups := it.s.d.edit.Hanging(overlay.Entity{Account: it.s.account, Kind: overlay.User, Name: user}); !ok || !slices.Contains(groups, name) {
			it.maybeJoined(user)
		}
		return
	}
	it.s.d.putJoined(it.s.account, user, name)
}

// putManaged makes a managed policy.
func putManaged(it *item) {
	id := it.s.identity(it.id)
	if id == nil || id.why != "" {
		if id != nil {
			it.gap("what it is called is not known: " + id.why)
		}
		return
	}
	it.s.d.edit.PutPolicy(id.arn, it.document(it.props.get("PolicyDocument")))
}

// hangManaged attaches a managed policy to what it names.
func hangManaged(it *item) {
	id := it.s.identity(it.id)
	if id == nil || id.why != "" {
		return
	}
	it.each(func(who overlay.Entity) { it.attach(who, text(id.arn)) })
}

// each runs f for the users, groups and roles that a policy names.
func (it *item) each(f func(who overlay.Entity)) {
	for _, p := range []struct {
		property string
		kind     overlay.Kind
	}{{"Users", overlay.User}, {"Groups", overlay.Group}, {"Roles", overlay.Role}} {
		for _, e := range it.props.get(p.property).elements() {
			name, ok := e.scalar()
			if !ok {
				it.maybeOnEntity(p.kind, firstReason(e))
				continue
			}
			f(overlay.Entity{Account: it.s.account, Kind: p.kind, Name: name})
		}
	}
}

// policyName is the name of an inline policy that is a resource of its own.
func (it *item) policyName(who overlay.Entity) string {
	if name, _ := it.text("PolicyName"); name != "" {
		return name
	}
	return it.nameless(who, it.props.get("PolicyName"))
}

// nameless names an inline policy whose name is not known. On an entity that was
// there before it may take the place of a policy that is there.
func (it *item) nameless(who overlay.Entity, name *value) string {
	if it.s.d.before.Find(who) != "" {
		why, _ := name.reason()
		it.gap("the name of an inline policy of " + who.Name + " is not known, which may replace one that is there: " + why)
	}
	return unknownName(it.id)
}

// hangPolicy puts an inline policy on all that it names: AWS::IAM::Policy.
func hangPolicy(it *item) {
	it.each(func(who overlay.Entity) {
		it.s.d.putInline(who, it.policyName(who), it.document(it.props.get("PolicyDocument")))
	})
}

// hangOnOne puts an inline policy on the one entity that property names.
func hangOnOne(kind overlay.Kind, property string) func(*item) {
	return func(it *item) {
		name, why := it.text(property)
		if name == "" {
			it.maybeOnEntity(kind, cmp.Or(why, "the template does not say it"))
			return
		}
		who := overlay.Entity{Account: it.s.account, Kind: kind, Name: name}
		it.s.d.putInline(who, it.policyName(who), it.document(it.props.get("PolicyDocument")))
	}
}

// hangMembers is AWS::IAM::UserToGroupAddition.
func hangMembers(it *item) {
	for _, u := range it.props.get("Users").elements() {
		user, ok := u.scalar()
		if !ok {
			why, _ := u.reason()
			it.gap("which user joins the group is not known: " + why)
			it.maybeAnyJoined()
			continue
		}
		it.join(user, it.props.get("GroupName"))
	}
}
