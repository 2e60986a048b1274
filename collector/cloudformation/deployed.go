package cloudformation

import (
	"regexp"
	"slices"
	"strings"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// random is how the names end that CloudFormation makes up.
var random = regexp.MustCompile(`^[A-Za-z0-9]{8,13}$`)

// deployedBefore finds what a stack seems to have made already under a name that
// CloudFormation made up. Nobody said so with a list of its resources, so it
// would be made a second time here, and changed there: that is a gap.
func (d *deployment) deployedBefore(items []*item, s *snapshot.Snapshot) {
	names := make(map[string][]string) // by account, sorted
	for _, it := range items {
		id := it.s.ids[it.id]
		if id == nil || !id.generated || handlers[it.typ].put == nil {
			continue
		}
		account := it.s.account
		if _, known := names[account]; !known {
			names[account] = namesOf(s, account)
		}
		if name := madeUp(names[account], it.s.called, it.id); name != "" {
			it.gap("the stack seems to have made it already, as " + quote(name) +
				"; give --template-resources, so that it is changed, and not made a second time")
		}
	}
}

// namesOf lists what the things of an account are called.
func namesOf(s *snapshot.Snapshot, account string) (names []string) {
	add := func(text string) {
		res := arn.Resource(text)
		names = append(names, res[strings.LastIndexAny(res, "/:")+1:])
	}
	for _, a := range s.Accounts {
		if a.Info.ID != account {
			continue
		}
		if a.IAM != nil {
			for _, r := range a.IAM.RoleDetailList {
				add(r.ARN)
			}
			for _, u := range a.IAM.UserDetailList {
				add(u.ARN)
			}
			for _, g := range a.IAM.GroupDetailList {
				add(g.ARN)
			}
			for _, p := range a.IAM.Policies {
				add(p.ARN)
			}
		}
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				add(r.ARN)
			}
		}
	}
	slices.SortFunc(names, compareFold)
	return names
}

func compareFold(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// madeUp finds a name of the form STACK-LOGICALID-RANDOM; "" when there is none.
func madeUp(names []string, stack, id string) string {
	prefix := stack + "-" + id + "-"
	i, _ := slices.BinarySearchFunc(names, prefix, compareFold)
	for _, name := range names[i:] {
		if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
			return ""
		}
		if random.MatchString(strings.TrimSuffix(name[len(prefix):], ".fifo")) {
			return name
		}
	}
	return ""
}
