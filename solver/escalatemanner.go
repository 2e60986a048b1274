package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A manner is how calls are made on things, where the caller has the choice for several
// calls together.
type manner struct {
	region string            // "" for not said
	tags   map[string]string // of what is made; nil for not said
	// fixed says that the things are there already, wherever they are and whatever
	// tags they carry.
	fixed bool
}

// apply closes a condition of a call on something: made says that another of the calls
// makes it.
func (m *manner) apply(when *guard.Expr, action, on, made string) *guard.Expr {
	when = m.located(when, on)
	if m.tags != nil {
		when = when.Given(&madeTags{m.tags, action == made || isTagger(action), made})
	}
	return chosen(when, action, on)
}

// ec2Region is a key of EC2 that says what aws:RequestedRegion does.
const ec2Region = "ec2:region"

// readsRegion reports whether a condition is about the region of a call.
func readsRegion(when *guard.Expr) bool {
	return when != nil && when.Open() && (when.Reads(regionKey) || when.Reads(ec2Region))
}

// located closes what a condition of a call on something asks of the region.
func (m *manner) located(when *guard.Expr, on string) *guard.Expr {
	region := arn.Region(on)
	if region == "" || strings.ContainsAny(region, "*?") {
		region = m.region
	}
	if region == "" {
		return when
	}
	return when.Given(oneKey(regionKey, region)).Given(oneKey(ec2Region, region))
}

// madeTags are the tags of what is made, as a call that makes it carries them, or as a later
// call finds them.
type madeTags struct {
	tags   map[string]string
	making bool
	by     string // the call that makes it, "" for what is there
}

// Value returns what the keys about tags are, and of any other that it is open.
func (l *madeTags) Value(key string) policy.Value {
	name, tag, ok := strings.Cut(key, "/")
	switch {
	case l.making && key == "aws:tagkeys":
		if len(l.tags) == 0 {
			return policy.Value{}
		}
		return policy.List(slices.Sorted(maps.Keys(l.tags)))
	case l.making && (strings.HasSuffix(key, ":createaction") || strings.HasSuffix(key, ":taggingaction")):
		_, call, _ := strings.Cut(l.by, ":")
		return policy.Single(call)
	case l.making && ok && name == "aws:requesttag", !l.making && l.by != "" && ok && strings.HasSuffix(name, ":resourcetag"):
		return tagValue(l.tags, tag)
	}
	return openValue
}

// regionsOpen are the regions of each partition that every account has. Source: Account
// Management reference guide, "Enable or disable AWS Regions in your account", 2026 crawl.
var regionsOpen = map[string][]string{
	"aws": strings.Fields("us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-central-1 eu-west-2 eu-west-3 eu-north-1 ca-central-1 " +
		"sa-east-1 ap-south-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 ap-northeast-2 ap-northeast-3"),
	"aws-cn":     {"cn-north-1", "cn-northwest-1"},
	"aws-us-gov": {"us-gov-west-1", "us-gov-east-1"},
}

// regionsAsked lists regions, one each of those that the statements about some calls don't
// tell apart; nil where none reads the region.
func (d *judge) regionsAsked(st *state, things []thing) (list []string) {
	var tests []*policy.Condition
	var named []arn.Glob
	for _, g := range things {
		for i := range g.needs {
			for _, action := range g.needs[i].Actions {
				d.speaking(st, action).all(func(s *policy.Statement) {
					for j := range s.Conditions {
						if c := &s.Conditions[j]; c.LowerKey() == regionKey || c.LowerKey() == ec2Region {
							tests = append(tests, c)
						}
					}
					for j := range s.Resources {
						if r := arn.Region(s.Resources[j].Text); r != "" && r != "*" {
							named = append(named, arn.NewGlob(r))
						}
					}
				})
			}
		}
	}
	if len(tests) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, r := range regionsOpen[d.in.Partition] {
		var look []byte
		for _, c := range tests {
			look = append(look, byte(c.Test(oneKey(c.LowerKey(), r))))
		}
		for _, g := range named {
			look = appendBit(look, g.Match(r))
		}
		if !seen[string(look)] {
			seen[string(look)] = true
			list = append(list, r)
		}
	}
	return list
}

// makes reports whether a call makes something of the kind that a pattern covers, with tags
// if the caller likes.
func makes(action, on string) bool {
	_, name := splitAction(action)
	for _, verb := range []string{"create", "register", "runinstances"} {
		if strings.HasPrefix(name, verb) {
			return catalog.Default().AsksFor(action, probing.Replace(on), "aws:requesttag/x")
		}
	}
	return false
}

// makerIn returns the call of several that makes what they are made on, "" for none.
func makerIn(needs []escalation.Need, pattern string) string {
	at := slices.IndexFunc(needs, func(n escalation.Need) bool { return makes(n.Actions[0], pattern) })
	if at < 0 {
		return ""
	}
	return needs[at].Actions[0]
}

// taggers are calls that set tags, of services where it is not TagResource. Whoever makes
// something with tags has to be allowed the call, too.
var taggers = map[string]string{
	"ec2": "ec2:CreateTags", "sagemaker": "sagemaker:AddTags", "ssm": "ssm:AddTagsToResource", "elasticmapreduce": "elasticmapreduce:AddTags",
	"rds": "rds:AddTagsToResource", "elasticbeanstalk": "elasticbeanstalk:AddTags", "datapipeline": "datapipeline:AddTags", "autoscaling": "autoscaling:CreateOrUpdateTags",
}

// taggerOf returns the call that has to be allowed for tags on what a call makes, "" for
// none.
func taggerOf(making string) string {
	service, name := splitAction(making)
	if service == "iam" {
		_, rest, _ := strings.Cut(name, "create")
		for _, kind := range []string{"User", "Role", "Policy", "InstanceProfile"} {
			if strings.EqualFold(rest, kind) {
				return "iam:Tag" + kind
			}
		}
	}
	call := taggers[service]
	if call == "" {
		call = service + ":TagResource"
	}
	if a, known := catalog.Default().Action(call); known {
		return a.Name
	}
	return ""
}

func isTagger(action string) bool {
	_, name := splitAction(action)
	return strings.HasPrefix(name, "tag") || strings.HasPrefix(name, "addtags") || name == "createtags" || name == "createorupdatetags"
}

// labelled decides calls that anywhere leaves open on something that one of them makes:
// with no tags, and with those that statements about the calls ask for. none says that it
// can set none at all.
func (d *judge) labelled(st *state, pattern string, needs []escalation.Need, how manner) (best ruling, none bool) {
	making := makerIn(needs, pattern)
	if making == "" {
		return best, false
	}
	var all tagging
	var list []tagging
	tagger := taggerOf(making)
	with := needs
	if tagger != "" {
		with = append(slices.Clip(needs), escalation.Need{Actions: []string{tagger}})
	}
	for i := range with {
		for _, action := range with[i].Actions {
			d.speaking(st, action).all(func(s *policy.Statement) {
				options := taggingsFor(s, st.p.Tags, "aws:requesttag/", "aws:resourcetag/", "ec2:resourcetag/")
				list = append(list, options...)
				if len(options) > 0 {
					all = all.merged(&options[0])
				}
			})
		}
	}
	try := func(tags map[string]string, needs []escalation.Need) {
		how.tags = tags
		if v := d.choose(st, pattern, needs, actionsIn(needs), how); v.better(&best) {
			best = v
		}
	}
	try(map[string]string{}, needs)
	if tagger != "" && asksTagger[arn.Service(pattern)] {
		how.tags = nil
		if v := d.choose(st, pattern, []escalation.Need{{Actions: []string{tagger}}}, []string{tagger}, how); v.never() {
			return best, true
		}
	}
	list = append([]tagging{all}, list...)
	for i := range list[:min(len(list), maxTaggings)] {
		if best.certain() {
			break
		}
		if len(list[i].set) > 0 {
			try(list[i].set, with)
		}
	}
	return best, false
}

// asksTagger are services that make nothing with tags for who may not set tags. Source: EC2
// user guide and ECS developer guide, "Grant permission to tag resources during creation", IAM user guide, "Tag IAM
// users" and "Tag IAM roles", 2026 crawl.
var asksTagger = set("ec2", "ecs", "iam")

// readsLabels reports whether a condition reads tags that are set, or found on something.
func readsLabels(when *guard.Expr) bool {
	return slices.ContainsFunc(when.Keys(), func(key string) bool {
		key = strings.ToLower(key)
		return key == "aws:tagkeys" || strings.HasPrefix(key, "aws:requesttag/") || strings.Contains(key, ":resourcetag/")
	})
}

func actionsIn(needs []escalation.Need) (all []string) {
	for i := range needs {
		all = appendNew(all, needs[i].Actions...)
	}
	return all
}
