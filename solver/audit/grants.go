package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// chosen are the keys whose values whoever calls chooses (E216 and E218, class X): a condition
// on them alone keeps nobody out. sts:ExternalId is none: it is a secret.
var chosen = []string{
	"aws:securetransport", "aws:referer", "aws:useragent", "s3:prefix", "s3:delimiter", "s3:max-keys", "s3:versionid", "s3:x-amz-", "s3:tlsversion",
	"sns:protocol", "sts:rolesessionname", "sts:sourceidentity",
}

// asCallersChoose reports whether a condition is met by whoever of another account wants to
// meet it.
func asCallersChoose(when guard.Blocks) bool { return metBy(when, ofOwnMaking) }

// asAllChoose is asCallersChoose for users and roles, which do not name and tag themselves.
func asAllChoose(when guard.Blocks) bool {
	return metBy(when, func(*guard.Test) bool { return false })
}

// metBy reports whether a condition asks for nothing but what callers choose, all of them or
// some by themselves.
func metBy(when guard.Blocks, some func(*guard.Test) bool) bool {
	return slices.ContainsFunc(when, func(block guard.Block) bool {
		return !slices.ContainsFunc(block, func(t guard.Test) bool {
			key := strings.ToLower(t.Key)
			if slices.ContainsFunc(t.Values, func(v string) bool { return strings.Contains(v, "${") }) {
				return true // it depends on who calls
			}
			return !fromAnywhere(&t) && !some(&t) && !slices.ContainsFunc(chosen, func(c string) bool { return key == c || strings.HasSuffix(c, "-") && strings.HasPrefix(key, c) })
		})
	})
}

// ownMFA are the keys about MFA: an account gives its users devices, or none, as it likes.
var ownMFA = []string{"aws:multifactorauthpresent", "aws:multifactorauthage"}

// ofOwnMaking reports whether a test asks for what an account makes of its own users and roles
// as it likes: their names, tags and MFA, and of which kind they are (E216). Patterns of some
// accounts alone it may not meet, and what services call themselves nobody does.
func ofOwnMaking(t *guard.Test) bool {
	key := strings.ToLower(t.Key)
	op, known := policy.ParseOperator(t.Operator)
	switch {
	case known && slices.Contains(ownMFA, key):
		return true
	case !known || op.IsNull():
		return false
	case key == "aws:username" || key == "aws:sourceidentity" || strings.HasPrefix(key, "aws:principaltag/"):
		return true
	case key == "aws:principaltype":
		return slices.ContainsFunc([]string{"User", "AssumedRole"}, func(kind string) bool {
			return op.Negated() != slices.ContainsFunc(t.Values, func(v string) bool {
				return strings.EqualFold(v, kind) || op.Wildcards() && arn.NewGlob(v).Match(kind)
			})
		})
	case key != "aws:principalarn":
		return false
	}
	return op.Negated() || slices.ContainsFunc(t.Values, func(v string) bool {
		whose := arn.Account(v)
		return (whose == "*" || arn.IsAccountID(whose)) && arn.Service(v) == "iam" && !strings.Contains(v, "/aws-service-role/")
	})
}

// fromAnywhere reports whether a test on the network leaves so much of the internet that
// everybody finds an address in it: more than S3 takes for limited (E172).
func fromAnywhere(t *guard.Test) bool {
	if !strings.EqualFold(t.Key, "aws:SourceIp") || len(t.Values) == 0 {
		return false
	}
	wide := func(v string) bool {
		p, err := netip.ParsePrefix(v)
		return err == nil && (p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32)
	}
	switch op, _ := policy.ParseOperator(t.Operator); {
	case !strings.Contains(t.Operator, "IpAddress"):
		return false
	case op.Negated():
		return !slices.ContainsFunc(t.Values, wide)
	default:
		return slices.ContainsFunc(t.Values, wide)
	}
}

// leftOpen reports whether a grant depends on something that its holder, of another account,
// does not choose.
func leftOpen(g *solver.Grant) bool { return leftOpenTo(g, asCallersChoose) }

// leftOpenTo is leftOpen for holders who choose what met says.
func leftOpenTo(g *solver.Grant, met func(guard.Blocks) bool) bool {
	if !g.Conditional() {
		return false
	}
	plain := *g
	plain.Condition = nil
	return plain.Conditional() || !met(g.Condition)
}

// certainOf returns the grants that a finding is told by: those without an open
// condition, all where there are none.
func certainOf(list []solver.Grant) []solver.Grant { return certainTo(list, asCallersChoose) }

// certainTo is certainOf for holders who choose what met says.
func certainTo(list []solver.Grant, met func(guard.Blocks) bool) (out []solver.Grant) {
	for i := range list {
		if !leftOpenTo(&list[i], met) {
			out = append(out, list[i])
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// settled reports whether an access depends on nothing but what its principal chooses.
func settled(acc *solver.Access, met func(guard.Blocks) bool) bool {
	return !slices.ContainsFunc(acc.Path, func(st solver.Step) bool { return len(st.Condition) > 0 && !met(st.Condition) }) &&
		slices.ContainsFunc(acc.Grants, func(g solver.Grant) bool { return !leftOpenTo(&g, met) })
}

// metIn returns the condition that the principal of a settled access meets, nil for none.
func metIn(acc *solver.Access, met func(guard.Blocks) bool) guard.Blocks {
	for i := range acc.Path {
		if len(acc.Path[i].Condition) > 0 {
			return acc.Path[i].Condition
		}
	}
	for i := range acc.Grants {
		if acc.Conditional() && !leftOpenTo(&acc.Grants[i], met) {
			return acc.Grants[i].Condition
		}
	}
	return nil
}

// openIn returns the first open condition of an access.
func openIn(acc *solver.Access) guard.Blocks {
	for i := range acc.Path {
		if len(acc.Path[i].Condition) > 0 {
			return acc.Path[i].Condition
		}
	}
	for i := range acc.Grants {
		if len(acc.Grants[i].Condition) > 0 {
			return acc.Grants[i].Condition
		}
	}
	return nil
}

// doubtsAbout lists what is not known that could stop an access: what bears on a step of
// its path, or on all of its grants that ask for nothing.
func doubtsAbout(acc *solver.Access, gaps []solver.Gap, met func(guard.Blocks) bool) (out []string) {
	firm := slices.ContainsFunc(acc.Grants, func(g solver.Grant) bool { return !leftOpenTo(&g, met) && g.Confidence != "low" })
	for _, gap := range gaps {
		if !firm && gap.What == acc.Resource || slices.ContainsFunc(acc.Path[1:], func(st solver.Step) bool { return st.Principal == gap.What }) {
			out = append(out, gap.Why)
		}
	}
	if len(out) == 0 && !firm && settled(acc, met) {
		out = append(out, "AWS leaves unclear what allows it")
	}
	return out
}

// unless notes what is not known that could keep out whom a finding is about: it is not
// certain then.
func (f *Finding) unless(doubts []string) {
	for _, why := range doubts {
		f.Certain, f.If = Possible, append(f.If, "it is so although "+why)
	}
}

// behindDomain says what a search domain asks for besides its policy. Sources: OpenSearch
// Service guide, "VPC support" and "Fine-grained access control", 2026 crawl.
func (f *Finding) behindDomain(r *inventory.Resource) {
	if r.VPC != "" {
		f.Certain, f.If = Possible, append(f.If, "it reaches network "+r.VPC+", in which alone the domain answers")
	}
	if r.FineGrained {
		f.Certain, f.If = Possible, append(f.If, "the domain lets it in as one of its own users or roles")
	}
}

// unshare is the remedy where no statement lets somebody in, but sharing, an ACL, or a grant
// of a key does.
func (f *Finding) unshare(r *inventory.Resource) {
	switch {
	case len(f.Statements) > 0:
	case len(r.SharedWith) > 0:
		f.Remedy = Remedy{Text: "Stop sharing the snapshot, or share it with the accounts alone that need it. What was copied stays with whoever copied it."}
	case r.S3 != nil:
		f.Remedy = Remedy{Text: "Take the grant out of the ACL, or disable ACLs (BucketOwnerEnforced); let in by a policy, with a condition, whoever needs it."}
	case len(r.KMSGrants) > 0:
		f.Remedy = Remedy{Text: "Revoke the grant of the key, if whoever it is for is not meant."}
	}
}

// letIn makes the parts of a finding about an outsider of a resource.
func (a *auditor) letIn(kind string, r *inventory.Resource, o *solver.Outsider) Finding {
	f := Finding{
		Kind: kind, Certain: Possible, Account: r.Account, Principal: o.ARN, Resource: r.ARN, Grants: o.Grants,
		Path: []solver.Step{{Principal: o.ARN}}, Statements: mergeRefs(nil, o.Grants), Remedy: remedyOf(o.Grants, ""),
	}
	bare := false // something is granted without any condition
	for i := range o.Grants {
		g := &o.Grants[i]
		if !leftOpen(g) {
			f.Certain = Certain
		}
		bare = bare || !g.Conditional()
		f.Condition = append(f.Condition, g.Condition...)
	}
	if bare {
		f.Condition = nil
	}
	f.unless(o.Doubts)
	f.behindDomain(r)
	worst := harmOf(certainOf(o.Grants))
	f.Severity, f.Reason = worst.severity, worst.reason
	if a.isSensitive(r) && f.Severity < Critical {
		f.Severity++
		f.Reason += ", and the resource is sensitive"
	}
	if f.Certain == Possible && f.Severity > Low {
		f.Severity--
		switch {
		case len(f.Condition) > 0:
			f.Reason += ", if the condition is met"
		case r.VPC != "" || r.FineGrained:
			f.Reason += ", by who gets that far"
		default:
			f.Reason += ", if nothing that is not known stands in the way"
		}
	}
	f.ID = identify(kind, r.ARN, o.ARN)
	if analyzed[r.Type] {
		f.Tags = append(f.Tags, "access-analyzer:external")
	}
	if v := a.vendor(o.Account); v != "" {
		f.Tags = append(f.Tags, "vendor:"+v)
	}
	return f
}

// hop makes the parts of a finding about an outsider that assumes a role.
func (a *auditor) hop(kind string, r *inventory.Principal, o *solver.Outsider) Finding {
	f := Finding{
		Kind: kind, Certain: Certain, Account: r.Account.ID, Principal: o.ARN, Resource: r.ARN, Condition: o.Condition, Statements: o.Because,
		Path: []solver.Step{{Principal: o.ARN}, {Principal: r.ARN, Kind: o.Hop, Condition: o.Condition, Because: o.Because}},
		Tags: []string{"access-analyzer:external"},
	}
	if len(o.Condition) > 0 && !asCallersChoose(o.Condition) {
		f.Certain = Possible
	}
	f.unless(o.Doubts)
	f.Detail = fmt.Sprintf("The trust policy of %s lets in %s.", r.ARN, o.ARN)
	for i := range o.Because {
		n := o.Because[i].Statement
		f.Remedy.Policy, f.Remedy.Statement = o.Because[i].Policy, &n
		break
	}
	f.ID = identify(kind, r.ARN, o.ARN)
	if v := a.vendor(o.Account); v != "" {
		f.Tags = append(f.Tags, "vendor:"+v)
	}
	return f
}

// analyzed are the types of resources that IAM Access Analyzer looks at for external
// access. Source: IAM user guide, "IAM Access Analyzer resource types for external
// access", 2026 crawl.
var analyzed = map[string]bool{
	"AWS::S3::Bucket": true, "AWS::S3::AccessPoint": true, "AWS::KMS::Key": true, "AWS::Lambda::Function": true, "AWS::Lambda::LayerVersion": true,
	"AWS::SQS::Queue": true, "AWS::SecretsManager::Secret": true, "AWS::SNS::Topic": true, "AWS::EC2::Snapshot": true, "AWS::RDS::DBSnapshot": true,
	"AWS::RDS::DBClusterSnapshot": true, "AWS::ECR::Repository": true, "AWS::EFS::FileSystem": true, "AWS::DynamoDB::Table": true,
	"AWS::DynamoDB::Stream": true, "AWS::S3Express::DirectoryBucket": true,
}

// A harm is what grants allow to do to a resource.
type harm struct {
	level    catalog.AccessLevel
	severity Severity
	reason   string
	verb     string
}

// harms are from worst to least; who may do nothing of them may list.
var harms = []harm{
	{catalog.AccessPermissions, Critical, "it can be changed who has access", "take over"},
	{catalog.AccessWrite, Critical, "it can be written to", "write to"},
	{catalog.AccessRead, High, "it can be read", "read"},
	{catalog.AccessTagging, Medium, "it can be tagged", "tag"},
	{0, Medium, "what is in it can be listed", "list"},
}

// harmOf returns the worst that grants allow.
func harmOf(list []solver.Grant) harm {
	var levels catalog.AccessLevel
	for i := range list {
		for _, name := range list[i].Actions {
			if act, ok := catalog.Default().Action(name); ok && solver.SharedCall(name) {
				levels |= catalog.AccessRead
			} else if ok {
				levels |= act.Access
			}
		}
	}
	return harms[slices.IndexFunc(harms, func(h harm) bool { return levels.Has(h.level) })]
}

func verb(list []solver.Grant) string { return harmOf(list).verb }

func actionsOf(list []solver.Grant) (out []string) {
	for i := range list {
		out = append(out, list[i].Actions...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func firstOf(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}

func mergeRefs(to []solver.StatementRef, list []solver.Grant) []solver.StatementRef {
	for i := range list {
		for _, ref := range list[i].Because {
			if !slices.ContainsFunc(to, func(o solver.StatementRef) bool {
				return o.Policy == ref.Policy && o.Type == ref.Type && o.Statement == ref.Statement
			}) {
				to = append(to, ref)
			}
		}
	}
	return to
}

// remedyOf names the first statement behind grants, that of the resource where
// there is one.
func remedyOf(list []solver.Grant, text string) Remedy {
	r := Remedy{Text: text}
	refs := mergeRefs(nil, list)
	slices.SortStableFunc(refs, func(x, y solver.StatementRef) int {
		return cmp.Compare(b2i(y.Type == "resource-policy"), b2i(x.Type == "resource-policy"))
	})
	if len(refs) > 0 {
		n := refs[0].Statement
		r.Policy, r.Statement = refs[0].Policy, &n
	}
	return r
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// conditionChange writes a condition as JSON.
func conditionChange(operator, key, value string) string {
	text, err := json.Marshal(map[string]any{"Condition": map[string]any{operator: map[string]any{key: value}}})
	if err != nil {
		panic("BUG: a condition is made of texts: " + err.Error())
	}
	return string(text)
}
