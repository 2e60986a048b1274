package solver_test

// This file reads cases from a short notation, so that a row of a test table
// is one line. A case is a list of clauses, separated by " | ":
//
//	S s3:GetObject O | idp +s3:Get*@data/* ?StringEquals aws:username=ann | rbp -s3:*@* P=*
//
// The first clause is the caller, the action and the resource. The others:
//
//	idp pb sess rbp vpce    statements of the identity, boundary, session, resource and endpoint policy
//	scp rcp                 statements of one level; write one clause a level, from the root down
//	ap RESOURCE ACCOUNT …   the request goes through an access point: what it asks of which bucket, its policy
//	brcp                    an RCP level of the owner of the bucket behind the access point
//	net VPC                 the access point takes requests from that VPC only
//	ctx k=v …               request context; k=~ fixes absence, k=[a,b] is a list
//	open                    keys that are not in ctx stay open; without it they are absent (E217)
//	unset k …               keys that are absent unless AWS always sets them
//	set …                   facts; see [notation.fact]
//	s3 …                    S3 facts; see [s3Facts]
//	grant WHO ops [k=v …]   a KMS grant with its encryption context, and SourceArn=
//	and ACTION RES ACCOUNT  a further check of the call; the clauses behind it are about that check
//
// Statements stand apart by " ; ". A statement is an effect, actions, "@" and
// resources: +s3:Get*,s3:List*@data/*. "!" in front of either list turns it
// into NotAction or NotResource. Words behind it: P= principals, NP=
// NotPrincipal, and ?Operator followed by key=values. Lists are separated by
// commas. In trust and key policies "@" may be left out.
//
// The names of people and things in [words] stand for their ARNs, :A: and :B:
// inside an ARN for the accounts; a resource that is no ARN is in S3.

import (
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// words are the cast of the rule book and a few resources.
var words = map[string]string{
	"A": "111111111111", "B": "222222222222", "M": "999999999999",
	"U": "arn:aws:iam::111111111111:user/ann", "UB": "arn:aws:iam::222222222222:user/bea",
	"R": "arn:aws:iam::111111111111:role/app", "RB": "arn:aws:iam::222222222222:role/batch",
	"S":     "arn:aws:sts::111111111111:assumed-role/app/s1",
	"S2":    "arn:aws:sts::111111111111:assumed-role/app/s2",
	"SB":    "arn:aws:sts::222222222222:assumed-role/batch/s1",
	"F":     "arn:aws:sts::111111111111:federated-user/fay",
	"rootA": "arn:aws:iam::111111111111:root", "rootB": "arn:aws:iam::222222222222:root",
	"O": "arn:aws:s3:::data/k1", "T": "arn:aws:iam::111111111111:role/target",
	"Q": "arn:aws:sqs:us-east-1:111111111111:q1", "N": "arn:aws:sns:us-east-1:111111111111:t1",
	"K":    "arn:aws:kms:us-east-1:111111111111:key/1111",
	"X":    "arn:aws:secretsmanager:us-east-1:111111111111:secret:x-AbCdEf",
	"FN":   "arn:aws:lambda:us-east-1:111111111111:function:fn",
	"AP":   "arn:aws:s3:us-east-1:111111111111:accesspoint/ap1",
	"oidc": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
	"saml": "arn:aws:iam::111111111111:saml-provider/idp",
}

var uniqueIDs = map[string]string{
	"U": "AIDAANNANN", "UB": "AIDABEABEA", "R": "AROAAPPAPP", "S": "AROAAPPAPP", "S2": "AROAAPPAPP", "SB": "AROABATCH1", "RB": "AROABATCH1",
}

var inAccount = strings.NewReplacer(":A:", ":111111111111:", ":B:", ":222222222222:", ":M:", ":999999999999:")

// word expands one word of the notation.
func word(s string) string {
	if w, ok := words[s]; ok {
		return w
	}
	if head, rest, ok := strings.Cut(s, "/"); ok && head == "AP" {
		return words["AP"] + "/" + rest
	}
	return inAccount.Replace(s)
}

func listOf(s string) []string {
	out := split(s)
	for i := range out {
		out[i] = word(out[i])
	}
	return out
}

// split splits at commas, except those in front of the default of a variable.
func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if strings.HasPrefix(part, "'") && len(out) > 0 {
			out[len(out)-1] += "," + part
			continue
		}
		out = append(out, part)
	}
	return out
}

// resourceWord expands a resource.
func resourceWord(s string) string {
	if s = word(s); s != "*" && !strings.HasPrefix(s, "arn:") {
		return "arn:aws:s3:::" + s
	}
	return s
}

// fataler is what tests, benchmarks and property tests have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// notation is a case that is being read.
type notation struct {
	t    fataler
	c    *solver.Case // the check that clauses are about
	text string
}

// caseOf reads a case.
func caseOf(t fataler, text string) *solver.Case {
	t.Helper()
	clauses := strings.Split(text, " | ")
	first := strings.Fields(clauses[0])
	if len(first) != 3 {
		t.Fatalf("case %q begins with caller, action and resource", text)
	}
	main := &solver.Case{
		Caller: callerOf(t, first[0]), Action: first[1], Resource: resourceWord(first[2]), ResourceAccount: words["A"],
		Context:   solver.Context{Values: map[string]policy.Value{}, Complete: true},
		Canonical: map[string]string{"aaaa": words["A"], "bbbb": words["B"]},
	}
	n := &notation{t: t, c: main, text: text}
	for _, clause := range clauses[1:] {
		name, rest, _ := strings.Cut(strings.TrimSpace(clause), " ")
		if name == "and" {
			n.also(main, strings.Fields(rest))
			continue
		}
		n.clause(name, strings.TrimSpace(rest))
	}
	return main
}

// callerOf reads a caller: anybody that ParseCaller reads, or someone@ACCOUNT
// for some principal of an account that nothing is known about.
func callerOf(t fataler, text string) solver.Caller {
	t.Helper()
	if account, ok := strings.CutPrefix(text, "someone@"); ok {
		return solver.Caller{Kind: solver.CallerOutsider, ARN: text, Partition: "aws", Account: word(account), External: true}
	}
	c, err := solver.ParseCaller(word(text))
	if err != nil {
		t.Fatalf("caller %q: %v", text, err)
	}
	c.UniqueID = uniqueIDs[text]
	return c
}

func (n *notation) also(main *solver.Case, f []string) {
	o := *main
	o.Action, o.Resource, o.ResourceAccount = f[0], resourceWord(f[1]), word(f[2])
	o.Also, o.Resources, o.S3, o.AccessPoint, o.KMSGrants = nil, nil, nil, nil, nil
	main.Also = append(main.Also, &o)
	n.c = &o
}

func (n *notation) clause(name, rest string) {
	n.t.Helper()
	c := n.c
	switch name {
	case "idp":
		c.Identity = append(c.Identity, n.source(name, rest, policy.Identity))
	case "pb":
		c.Boundary, c.HasBoundary = append(c.Boundary, n.source(name, rest, policy.Boundary)), true
	case "sess":
		c.Session, c.HasSession = append(c.Session, n.source(name, rest, policy.Session)), true
	case "rbp":
		kind := policy.Resource
		if strings.HasPrefix(strings.ToLower(c.Action), "sts:") {
			kind = policy.Trust
		}
		c.Resources = append(c.Resources, n.source(name, rest, kind))
	case "vpce":
		c.Endpoint, c.HasEndpoint = append(c.Endpoint, n.source(name, rest, policy.Endpoint)), true
	case "scp":
		c.SCPs = append(c.SCPs, solver.Level{Target: "level", Policies: []solver.Source{n.source(name, rest, policy.SCP)}})
	case "rcp":
		c.RCPs = append(c.RCPs, solver.Level{Target: "level", Policies: []solver.Source{n.source(name, rest, policy.RCP)}})
	case "ap":
		f := strings.SplitN(rest, " ", 3)
		c.AccessPoint = &solver.AccessPointFacts{BucketResource: resourceWord(f[0]), BucketAccount: word(f[1])}
		if len(f) > 2 {
			c.AccessPoint.Policies = []solver.Source{n.source(name, f[2], policy.Resource)}
		}
	case "brcp":
		c.AccessPoint.BucketRCPs = append(c.AccessPoint.BucketRCPs, solver.Level{Target: "level", Policies: []solver.Source{n.source(name, rest, policy.RCP)}})
	case "net":
		c.AccessPoint.VPC = rest
	case "ctx":
		for _, f := range strings.Fields(rest) {
			k, v, _ := strings.Cut(f, "=")
			c.Context.Values[strings.ToLower(k)] = contextValue(strings.ToLower(k), v)
		}
	case "open":
		c.Context.Complete = false
	case "unset":
		c.Context.Unset = map[string]bool{}
		for _, k := range strings.Fields(rest) {
			c.Context.Unset[strings.ToLower(k)] = true
		}
	case "set":
		for _, f := range strings.Fields(rest) {
			n.fact(f)
		}
	case "s3":
		c.S3 = n.s3Facts(strings.Fields(rest))
	case "grant":
		c.KMSGrants = append(c.KMSGrants, grantOf(strings.Fields(rest)))
	default:
		n.t.Fatalf("case %q: no clause %q", n.text, name)
	}
}

// contextValue reads a value: ~ for an absent key, [a,b] for a list.
func contextValue(key, v string) policy.Value {
	inner, list := strings.CutPrefix(v, "[")
	switch {
	case v == "~":
		return policy.Value{}
	case v == "[]":
		return policy.List(nil)
	case list || policy.Multivalued(key):
		return policy.List(listOf(strings.TrimSuffix(inner, "]")))
	}
	return policy.Single(word(v))
}

// fact reads one word of a set clause; tag: and restag: give a tag of the
// caller and of the resource, and make the list of tags complete.
func (n *notation) fact(f string) {
	n.t.Helper()
	c, caller := n.c, &n.c.Caller
	k, v, _ := strings.Cut(f, "=")
	if name, ok := strings.CutPrefix(k, "tag:"); ok {
		caller.Tags, caller.HasTags = with(caller.Tags, name, v), true
		return
	}
	if name, ok := strings.CutPrefix(k, "restag:"); ok {
		c.ResourceTags = with(c.ResourceTags, name, v)
		return
	}
	switch k {
	case "owner":
		c.ResourceAccount = word(v)
	case "role":
		caller.RoleARN = word(v)
	case "id":
		caller.UniqueID = v
	case "by":
		caller.FederatedBy = word(v)
	case "mgmt":
		caller.Management = true
	case "slr":
		caller.ServiceLinked = true
	case "external":
		caller.External = true
	case "web":
		caller.FromToken, caller.Web = true, true
	case "token":
		caller.FromToken = true
	case "tags":
		caller.HasTags = true
	case "sessiontags":
		caller.SessionTags = true
	case "org":
		caller.OrgID, caller.OrgKnown = v, true
	case "path":
		caller.OrgPath = v
	case "aprestrict":
		c.AccessPoint.RestrictPublicBuckets = true
	case "awskey":
		c.AWSManagedKey = true
	case "noprovider":
		caller.NoProvider = true
	case "rootmanager":
		caller.RootManager = true
	case "bmgmt":
		c.AccessPoint.BucketInManagement = true
	case "resmgmt":
		c.ResourceInManagement = true
	case "resorg":
		c.ResourceOrgID = v
	case "region":
		c.ResourceRegion = v
	case "doubt":
		c.Doubts = append(c.Doubts, v)
	default:
		n.t.Fatalf("case %q: no fact %q", n.text, f)
	}
}

func with(m map[string]string, k, v string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[k] = v
	return m
}

// s3Facts reads an ownership setting, ACL grants as bucket=WHO:PERMISSION and
// object=WHO:PERMISSION, the object's owner, and the words restrict, ignore
// and abac.
func (n *notation) s3Facts(f []string) *solver.S3Facts {
	n.t.Helper()
	s := &solver.S3Facts{}
	for _, w := range f {
		k, v, _ := strings.Cut(w, "=")
		who, permission, _ := strings.Cut(v, ":")
		switch k {
		case "bucket":
			s.BucketACL = append(s.BucketACL, inventory.ACLGrant{Grantee: who, Permission: permission})
		case "object":
			s.ObjectACL = append(s.ObjectACL, inventory.ACLGrant{Grantee: who, Permission: permission})
		case "owner":
			s.ObjectOwner = word(v)
		case "restrict":
			s.RestrictPublicBuckets = true
		case "ignore":
			s.IgnorePublicACLs = true
		case "abac":
			s.ABAC = true
		case "ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced":
			s.Ownership = k
		default:
			n.t.Fatalf("case %q: no S3 fact %q", n.text, w)
		}
	}
	return s
}

func grantOf(f []string) inventory.KMSGrant {
	g := inventory.KMSGrant{ID: "g1", Grantee: word(f[0]), Operations: strings.Split(f[1], ",")}
	for _, pair := range f[2:] {
		k, v, _ := strings.Cut(pair, "=")
		if k == "SourceArn" {
			g.SourceARN = word(v)
			continue
		}
		g.ContextEquals = with(g.ContextEquals, k, v)
	}
	return g
}
