package solver

import (
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// Value returns what the request holds under key (section G). It asks, in this
// order: the question, the facts that the caller and the resource fix, and who
// could set the key at all.
func (e *eval) Value(key string) policy.Value {
	ctx := &e.c.Context
	if v, ok := ctx.Values[key]; ok {
		if v.State == policy.Present && !v.Multi && policy.Multivalued(key) && !ctx.Complete {
			v = policy.List(strings.Split(v.One, ","))
		}
		return v
	}
	if e.c.free {
		return e.valueFree(key)
	}
	if v, ok := e.fixed(key); ok {
		return v
	}
	if ctx.Complete {
		return absent
	}
	v := e.open(key)
	if v.State == policy.Open && !ctx.From.IsZero() {
		v.From = ctx.since(key)
	}
	if v.State == policy.Open && ctx.Unset[key] && !alwaysSet[key] {
		return absent
	}
	return v
}

// valueFree returns what a caller fixes by itself, whatever it asks for.
func (e *eval) valueFree(key string) policy.Value {
	if e.c.Caller.Kind != CallerInvalid && (strings.HasPrefix(key, "aws:principal") || key == "aws:userid" || key == "aws:username") {
		if v, ok := e.fixed(key); ok {
			return v
		}
	}
	if e.c.Caller.Kind == CallerInvalid && signed[key] {
		return somePresent // a document that names no principals is one of users and roles
	}
	return openValue
}

var absent = policy.Value{}

// present returns a value, or an absent one for "".
func present(s string) policy.Value {
	if s == "" {
		return absent
	}
	return policy.Single(s)
}

// fixed returns the keys that caller, resource and question fix (class S of
// E215, E216). ok is false when the facts do not say.
func (e *eval) fixed(key string) (v policy.Value, ok bool) {
	name, rest, sub := strings.Cut(key, "/")
	if sub {
		return e.fixedTag(name, rest)
	}
	if strings.HasPrefix(key, "aws:principal") || key == "aws:userid" || key == "aws:username" {
		return e.fixedPrincipal(key)
	}
	switch key {
	case "aws:resourceaccount", "s3:resourceaccount":
		return present(e.c.ResourceAccount), e.c.ResourceAccount != ""
	case "aws:resourceorgid":
		if e.c.ResourceOrgID == "" && e.c.strangers.own(e.c.ResourceAccount) {
			return policy.Value{State: policy.Open, Except: e.c.strangers.orgs}, true
		}
		return present(e.c.ResourceOrgID), e.c.ResourceOrgID != ""
	case "aws:resourceorgpaths":
		if e.c.ResourceOrgPath == "" && e.c.strangers.own(e.c.ResourceAccount) {
			return policy.Value{State: policy.Open, Except: e.c.strangers.orgPaths}, true
		}
		return policy.List([]string{e.c.ResourceOrgPath}), e.c.ResourceOrgPath != ""
	case "kms:calleraccount": // E198
		if x := e.c.Caller.stranger; x != nil && e.c.Caller.Account == "" {
			return x.value(key)
		}
		return present(e.c.Caller.Account), e.c.Caller.Account != ""
	case "aws:requestedregion":
		return e.region()
	case "aws:epochtime", "aws:currenttime":
		return e.time(key)
	case urlAuthType:
		return e.urlAuth()
	case "aws:sourceidentity":
		return absent, e.c.Caller.Kind == CallerSession && e.c.Caller.NoSourceIdentity && !e.c.Context.Complete
	case "aws:federatedprovider":
		return present(e.c.Caller.ARN), e.c.Caller.Kind == CallerFederated
	case "aws:viaawsservice": // forwarded calls begin with a signed one (E128)
		return policy.Single("false"), !e.c.Context.Complete && !iamCaller.has(e.c.Caller.Kind)
	case "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths":
		return absent, e.c.Caller.Kind != CallerService // E124
	}
	return absent, false
}

// fixedPrincipal returns the keys about the caller.
func (e *eval) fixedPrincipal(key string) (policy.Value, bool) {
	c := &e.c.Caller
	if c.stranger != nil && (c.Kind == CallerOutsider && c.Account == "" || strings.HasPrefix(key, "aws:principalorg")) {
		if v, ok := c.stranger.value(key); ok {
			return v, true
		}
	}
	if c.Kind == CallerOutsider {
		return e.fixedOutsider(key)
	}
	switch key {
	case "aws:principalarn":
		return e.principalARN(), true
	case "aws:principalaccount":
		if c.Kind == CallerAnonymous {
			return policy.Single("anonymous"), true
		}
		return present(c.Account), true
	case "aws:principaltype":
		return present(principalTypes[c.Kind]), true
	case "aws:principalisawsservice":
		if c.Kind == CallerAnonymous || c.Kind == CallerFederated { // it goes with signed calls
			return absent, true
		}
		return policy.Single(strconv.FormatBool(c.Kind == CallerService)), true
	case "aws:principalservicename":
		switch {
		case c.Kind != CallerService:
			return absent, true
		case c.ARN == AnyService:
			return somePresent, true
		}
		return policy.Single(c.ARN), true
	case "aws:principalservicenameslist":
		switch {
		case c.Kind != CallerService:
			return absent, true
		case c.ARN == AnyService:
			return openValue, true
		}
		return policy.List([]string{c.ARN}), true
	case "aws:principalorgid":
		return present(c.OrgID), c.OrgID != "" || !c.hasAccount() || c.OrgKnown
	case "aws:principalorgpaths":
		if c.OrgPath == "" {
			return absent, !c.hasAccount() || c.OrgKnown
		}
		return policy.List([]string{c.OrgPath}), true
	case "aws:username":
		if c.Kind != CallerUser {
			return absent, true // E74
		}
		return policy.Single(c.ARN[strings.LastIndexByte(c.ARN, '/')+1:]), true
	case "aws:userid":
		return e.userID()
	}
	return absent, false
}

// fixedOutsider returns what is known of some principal of an account that the
// snapshot does not hold.
func (e *eval) fixedOutsider(key string) (policy.Value, bool) {
	c := &e.c.Caller
	switch key {
	case "aws:principalarn":
		if c.Account != "" {
			within := arn.Literal("arn:"+c.Partition+":iam::"+c.Account+":") + arn.NewGlob("*")
			return policy.Value{State: policy.Open, Within: within}, true
		}
	case "aws:principalaccount":
		return present(c.Account), c.Account != ""
	case "aws:userid":
		if c.holder != nil {
			return policy.Value{State: policy.Open, Within: arn.NewGlob("*"), Never: c.isOfOthers}, true
		}
	case "aws:principalisawsservice":
		return policy.Single("false"), true
	case "aws:principalservicename", "aws:principalservicenameslist":
		return absent, true
	case "aws:principalorgid":
		return present(c.OrgID), c.OrgKnown
	case "aws:principalorgpaths":
		return absent, c.OrgKnown
	}
	return absent, false
}

// principalTypes are the values of aws:PrincipalType (E216).
var principalTypes = [...]string{
	CallerInvalid: "", CallerUser: "User", CallerRoot: "Account", CallerSession: "AssumedRole",
	CallerFederatedUser: "FederatedUser", CallerService: "", CallerFederated: "", CallerAnonymous: "Anonymous",
	CallerOutsider: "",
}

// principalARN returns aws:PrincipalArn: for a session the ARN of its role.
func (e *eval) principalARN() policy.Value {
	c := &e.c.Caller
	switch c.Kind {
	case CallerSession:
		return policy.Single(c.RoleARN)
	case CallerUser, CallerRoot, CallerFederatedUser:
		return policy.Single(c.ARN)
	case CallerService:
		e.lean("E216")
	case CallerInvalid, CallerFederated, CallerAnonymous, CallerOutsider:
	}
	return absent
}

// userID returns aws:userid (E80). Of a session whose name is open, the part
// before the colon is known.
func (e *eval) userID() (policy.Value, bool) {
	c := &e.c.Caller
	switch c.Kind {
	case CallerRoot:
		return policy.Single(c.Account), true
	case CallerUser:
		return present(c.UniqueID), c.UniqueID != ""
	case CallerSession:
		if c.UniqueID == "" {
			return absent, false
		}
		if c.SessionName == "" {
			if e.c.Context.Complete {
				return absent, false
			}
			return policy.Value{State: policy.Open, Within: arn.Literal(c.UniqueID+":") + arn.NewGlob("*")}, true
		}
		return policy.Single(c.UniqueID + ":" + c.SessionName), true
	case CallerFederatedUser:
		return policy.Single(c.Account + ":" + c.ARN[strings.LastIndexByte(c.ARN, '/')+1:]), true
	case CallerAnonymous:
		return policy.Single("anonymous"), true
	case CallerInvalid, CallerService, CallerFederated, CallerOutsider:
	}
	return absent, true
}

// fixedTag returns the tag keys that the snapshot knows; tag keys compare
// without case (E48).
func (e *eval) fixedTag(name, tag string) (policy.Value, bool) {
	c := &e.c.Caller
	switch name {
	case "aws:principaltag", "iam:principaltag":
		switch {
		case c.Kind == CallerSession && c.SessionTags && !e.c.Context.Complete:
			// The maker of the session may overwrite what the role has, and can't take it
			// off (E146).
			if tagValue(c.Tags, tag).State == policy.Absent {
				return absent, false
			}
			return somePresent, true
		case c.Kind == CallerUser || c.Kind == CallerSession:
			v := e.tagOf(c.Tags, tag)
			return v, c.HasTags || v.State != policy.Absent
		case c.Kind == CallerService && c.ARN == "rolesanywhere.amazonaws.com":
			return absent, false // the names in the certificate (E158)
		}
		return absent, c.Kind != CallerFederatedUser && c.Kind != CallerOutsider
	case "aws:resourcetag", "iam:resourcetag", "s3:buckettag":
		if b := e.c.S3; e.service == "s3" && name == "aws:resourcetag" { // E184
			switch {
			case b == nil || !b.ABAC && !b.ABACUnread || strings.Contains(arn.Resource(e.resource), "/"):
				return absent, !e.c.Context.Complete && b != nil
			case b.ABACUnread && tagValue(e.c.ResourceTags, tag).State != policy.Absent:
				return absent, false // that value, or none
			}
		}
		return e.tagOf(e.c.ResourceTags, tag), e.c.ResourceTags != nil
	}
	return absent, false
}

// tagOf returns a tag, and notes when nobody can say which one counts.
func (e *eval) tagOf(tags map[string]string, tag string) policy.Value {
	v := tagValue(tags, tag)
	if v.State == policy.Open {
		e.rule("E48")
		e.doubt("there are tags named " + tag + " that differ in case only: which of them counts is unpredictable")
	}
	return v
}

// tagValue returns the value under a name in any case. It is open when names
// that differ in case only hold several values (E48).
func tagValue(tags map[string]string, key string) policy.Value {
	found := absent
	for k, v := range tags {
		switch {
		case !strings.EqualFold(k, key):
		case found.State == policy.Absent:
			found = policy.Single(v)
		case found.One != v:
			return somePresent
		}
	}
	return found
}

// region returns aws:RequestedRegion where the resource fixes it; calls to
// global services carry us-east-1 (E223).
func (e *eval) region() (policy.Value, bool) {
	if r := arn.Region(e.resource); r != "" && !strings.ContainsAny(r, "*?") {
		return policy.Single(r), true
	}
	if e.c.ResourceRegion != "" {
		return policy.Single(e.c.ResourceRegion), true
	}
	if globalServices[e.service] {
		return policy.Single("us-east-1"), true
	}
	return absent, false
}

// time derives each of the two time keys from the other.
func (e *eval) time(key string) (policy.Value, bool) {
	other := "aws:currenttime"
	if key == other {
		other = "aws:epochtime"
	}
	v, ok := e.c.Context.Values[other]
	if !ok || v.State != policy.Present {
		return absent, false
	}
	at, ok := policy.ParseDate(v.One)
	if !ok {
		return absent, false
	}
	if key == "aws:epochtime" {
		return policy.Single(strconv.FormatInt(at.Unix(), 10)), true
	}
	return policy.Single(at.UTC().Format("2006-01-02T15:04:05Z")), true
}

// since returns the earliest time that a key holds; zero for any, and where it holds none.
func (c *Context) since(key string) time.Time {
	switch key {
	case "aws:currenttime", "aws:epochtime":
		return c.From
	case "aws:tokenissuetime":
		return c.From.Add(-longest)
	}
	return time.Time{}
}

// openValue is nobody's say; somePresent is a value that is there, and which one
// nobody has said.
var (
	openValue   = policy.Value{State: policy.Open}
	somePresent = policy.Value{State: policy.Open, Within: arn.NewGlob("*")}
)

// open says whether a key that nobody has fixed can be in the request at all:
// Open when it can, Absent when AWS never sets it here (E49, E216).
func (e *eval) open(key string) policy.Value {
	c := &e.c.Caller
	name, _, _ := strings.Cut(key, "/")
	if who, ok := carriers[name]; ok {
		if !who.has(c.Kind) {
			return absent
		}
		switch {
		case name == mfaPresent && c.mixed():
			e.lean("E144")
			return openValue
		case name == mfaPresent && c.Kind == CallerSession && !c.Web:
			e.lean("E144")
			return policy.Single("false")
		case (name == mfaPresent || name == "aws:multifactorauthage") && c.Kind == CallerSession:
			return absent
		case alwaysSet[name]:
			return somePresent
		}
		return openValue
	}
	service, _, found := strings.Cut(key, ":") // of a provider, with its path
	switch {
	case !found:
		return absent
	case service == "aws":
		if strings.HasPrefix(name, "aws:requesttag") || name == "aws:tagkeys" {
			return openIf(catalog.Default().HasKey(e.c.Action, key) || e.name == "assumerole" || e.name == "tagsession")
		}
		return openValue
	case isClaim(key) || strings.HasPrefix(name, "cognito-identity"): // E151, E157
		return openIf(c.Kind == CallerFederated && !ofOtherProvider(key, c.ARN) || c.Kind == CallerSession && c.FromToken && keptClaims[key[strings.LastIndexByte(key, ':')+1:]])
	case name == "s3:dataaccesspointarn" || name == "s3:dataaccesspointaccount" || name == "s3:accesspointnetworkorigin":
		return absent // the request asks the bucket itself (E175)
	}
	return openIf(catalog.Default().HasKey(e.c.Action, key))
}

func openIf(ok bool) policy.Value {
	if ok {
		return openValue
	}
	return absent
}
