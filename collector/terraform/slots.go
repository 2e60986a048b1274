package terraform

import (
	"slices"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// A slot is a place at something else that holds one thing, whichever resource
// of the plan puts it there: the policy of a bucket, an inline policy by its name,
// whether a policy is attached to a role.
type slot struct {
	what string // one of the words below
	kind overlay.Kind
	on   string // what it is at: an ARN, or a name in small letters
	name string // of several of its sort, "" when there can be only one
}

// What slots hold.
const (
	aPolicy     = "policy"
	aBlock      = "Block Public Access"
	anOwnership = "ownership"
	aKey        = "encryption"
	anInline    = "inline policy"
	anAttached  = "attachment"
	aMember     = "membership"
	aPermission = "permission"
	aThing      = "resource"
)

// overwrites reports whether what a type puts takes the place of what is in the
// slot already. Where it does not, AWS refuses to make a second one.
func (r *instance) overwrites() bool {
	return r.Type != "aws_lambda_permission"
}

// madeFirst reports whether the instance is replaced by making the new one before
// the old one is deleted (create_before_destroy).
func (r *instance) madeFirst() bool {
	i := slices.Index(r.Change.Actions, "create")
	return i >= 0 && slices.Index(r.Change.Actions, "delete") > i
}

// fills lists the slots that an instance puts something into, as far as is known.
func (r *instance) fills() []slot {
	if r.Deposed != "" || !r.makes() && !r.updates() {
		return nil
	}
	get := func(attr string) string {
		s, _ := r.text(attr)
		return s
	}
	list := func(attr string) []string {
		want, _ := r.list(attr)
		return without(want, words(r.old()[attr]))
	}
	return r.slots(get, list)
}

// clears lists the slots that an instance takes something out of.
func (r *instance) clears() []slot {
	switch {
	case r.stays():
		return nil
	case r.removes():
		return r.slots(r.was, func(attr string) []string { return words(r.before[attr]) })
	case r.updates():
		all := r.slots(r.was, func(attr string) []string { return without(words(r.before[attr]), words(r.after[attr])) })
		return slices.DeleteFunc(all, func(s slot) bool { return s.what != anAttached && s.what != aMember })
	}
	return nil
}

// slots lists the slots of an instance by the values that get and list return.
func (r *instance) slots(get func(string) string, list func(string) []string) (out []slot) {
	add := func(what string, kind overlay.Kind, on, name string) {
		if on != "" {
			out = append(out, slot{what, kind, on, name})
		}
	}
	bucket := func() string {
		if name := get("bucket"); name != "" {
			return r.bucketNamed(name)
		}
		return ""
	}
	switch r.Type {
	case "aws_s3_bucket_policy":
		add(aPolicy, 0, bucket(), "")
	case "aws_s3_bucket_public_access_block":
		add(aBlock, 0, bucket(), "")
	case "aws_s3_bucket_ownership_controls":
		add(anOwnership, 0, bucket(), "")
	case "aws_s3_bucket_server_side_encryption_configuration":
		add(aKey, 0, bucket(), "")
	case "aws_s3_account_public_access_block":
		id := r.blockedAccount(map[string]any{"account_id": get("account_id")})
		add(aBlock, 0, id, "")
	case "aws_s3control_access_point_policy":
		add(aPolicy, 0, get("access_point_arn"), "")
	case "aws_sqs_queue_policy":
		text, _ := r.queue(get("queue_url"))
		add(aPolicy, 0, text, "")
	case "aws_sns_topic_policy":
		add(aPolicy, 0, get("arn"), "")
	case "aws_kms_key_policy":
		if id := get("key_id"); id != "" {
			add(aPolicy, 0, r.keyARN(id), "")
		}
	case "aws_sqs_queue", "aws_sns_topic":
		add(aThing, 0, get("arn"), "")
	case "aws_lambda_permission":
		if on := r.permittedBy(get); on != "" && get("statement_id") != "" {
			add(aPermission, 0, on, get("statement_id"))
		}
	default:
		c, ok := carriers[r.Type]
		if !ok {
			return r.iamSlots(get, list)
		}
		add(aPolicy, 0, c.of(r, get(c.attr)), "")
	}
	return out
}

// iamSlots lists those of the resources of IAM.
func (r *instance) iamSlots(get func(string) string, list func(string) []string) (out []slot) {
	add := func(what string, kind overlay.Kind, on, name string) {
		if on != "" && name != "" {
			out = append(out, slot{what, kind, strings.ToLower(on), name})
		}
	}
	switch r.Type {
	case "aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_role_policy":
		add(anInline, r.entity("").Kind, get(r.holderAttr()), get("name"))
	case "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_role_policy_attachment":
		add(anAttached, r.entity("").Kind, get(r.holderAttr()), get("policy_arn"))
	case "aws_iam_policy_attachment":
		for _, attr := range []string{"groups", "roles", "users"} {
			for _, name := range list(attr) {
				add(anAttached, lists[attr], name, get("policy_arn"))
			}
		}
	case "aws_iam_group_membership", "aws_iam_user_group_membership":
		one, many := membership(r)
		for _, name := range list(many) {
			first := get(one)
			add(aMember, overlay.User, pick(one == "user", first, name), strings.ToLower(pick(one == "user", name, first)))
		}
	}
	return out
}

// permittedBy returns the ARN of the function, version or alias that has the
// permission.
func (r *instance) permittedBy(get func(string) string) string {
	function := get("function_name")
	if function == "" {
		return ""
	}
	if q := get("qualifier"); q != "" {
		return r.functionARN(function) + ":" + q
	}
	return r.functionARN(function)
}

// A contest is a slot that several changes of a plan are about, and the plan does
// not say which of them comes last.
type contest struct {
	slot
	by *instance // one of those that put something
}

// order tells which removals are done after all else, since what is replaced is
// made first and its place holds one thing only: the removal takes away what was
// put. It also tells the slots of which nobody can say what they hold afterwards.
// Terraform orders changes by what refers to what, and nothing else.
func (p *planner) order(work []*instance) (late map[*instance]bool, open []contest) {
	late = map[*instance]bool{}
	clears := map[slot][]*instance{}
	key := func(r *instance, s slot) slot { // names of IAM are those of an account
		if s.kind != overlay.KindInvalid {
			s.on = r.place.account + " " + s.on
		}
		return s
	}
	for _, r := range work {
		list := r.clears()
		for _, s := range list {
			clears[key(r, s)] = append(clears[key(r, s)], r)
		}
		late[r] = len(list) > 0 && r.Deposed == "" && r.madeFirst() && r.overwrites()
	}
	fills, seen := map[slot]*instance{}, map[slot]bool{}
	for _, r := range work {
		for _, s := range r.fills() {
			k := key(r, s)
			raced := !late[r] && slices.ContainsFunc(clears[k], func(o *instance) bool { return o != r || r.madeFirst() })
			if o := fills[k]; o != nil && o != r && s.what != anAttached && s.what != aMember && (!late[r] || !late[o]) {
				raced = true
			}
			fills[k] = r
			if raced && !seen[k] {
				seen[k] = true
				open = append(open, contest{s, r})
			}
		}
	}
	return late, open
}

// leave says in the snapshot that nobody knows what a slot holds.
func (c *contest) leave() {
	r, edit := c.by, c.by.plan.edit
	r.plan.lost(r, "several changes of the plan are about the same "+c.what+", and it does not say which comes last; what is there afterwards is not known")
	doc := overlay.Unknown("several changes of the plan are about the same " + c.what + ": " + r.Address)
	who := overlay.Entity{Account: r.place.account, Kind: c.kind, Name: c.on}
	switch c.what {
	case anInline:
		edit.PutInline(who, c.name, doc)
	case anAttached:
		edit.Detach(who, c.name)
		edit.Attach(who, r.unknownPolicy("contested"))
	case aMember:
		edit.Leave(r.place.account, c.on, c.name)
		edit.Join(r.place.account, c.on, placeholder("", r.Address))
	case aBlock:
		if r.Type == "aws_s3_account_public_access_block" {
			edit.SetAccountBlock(c.on, snapshot.Fact[snapshot.PublicAccessBlock]{})
			return
		}
		r.ifThere(c.on, c.what, func(b *snapshot.Resource) { b.PublicAccessBlock = snapshot.Fact[snapshot.PublicAccessBlock]{} })
	case anOwnership:
		r.ifThere(c.on, c.what, func(b *snapshot.Resource) { b.Ownership = "" })
	case aKey:
		r.ifThere(c.on, c.what, func(b *snapshot.Resource) {
			b.Encryption = &snapshot.Encryption{KMSKeyID: r.keyARN(placeholder("", r.Address))}
		})
	default: // a policy, a statement of one, or a whole resource
		r.ifThere(c.on, "policy", func(res *snapshot.Resource) { res.Policy = snapshot.Have(doc) })
	}
}
