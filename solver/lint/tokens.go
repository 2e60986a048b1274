package lint

import (
	"fmt"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/issuer"
)

// tokens finds trusts in an issuer of tokens that let in every customer of it. A provider
// that is registered in IAM takes tokens made for its own clients alone; with some issuers
// that says whose they are (E152 to E154).
func (l *linter) tokens() {
	if l.doc.Kind != policy.Trust || l.doc.Damaged() {
		return
	}
	for _, st := range l.sound() {
		if st.Effect != policy.Allow || !st.MatchAction("sts", "assumerolewithwebidentity") {
			continue
		}
		var when guard.Blocks // none: without any condition
		if len(st.Conditions) > 0 {
			when = guard.Blocks{block(st)}
		}
		for i := range st.Principals {
			p := &st.Principals[i]
			_, host, registered := strings.Cut(p.Text, ":oidc-provider/")
			if !registered {
				host = p.Text
			}
			from := issuer.Of(host)
			if p.Kind != policy.Federated || !from.Shared || registered && from.ByAudience {
				continue
			}
			why, without := from.TooBroad(when)
			if why == "" {
				continue
			}
			s := says{message: fmt.Sprintf("%s gives tokens to many customers, and no condition says to which of them this role is open, such as one on %s:%s", host, host, from.Key)}
			if without != "" {
				s.message = fmt.Sprintf("%s gives tokens to many customers, and whoever has one without %s may assume this role", host, without)
			}
			s.remedy = fmt.Sprintf("demand the claim, such as \"StringEquals\": {%q: %q}", host+":"+from.Key, from.Example)
			l.report(ruleTokens, st, l.principalPlace(st, i), s)
		}
	}
}

// block returns the conditions of a statement as a condition block.
func block(st *policy.Statement) guard.Block {
	out := make(guard.Block, len(st.Conditions))
	for i := range st.Conditions {
		c := &st.Conditions[i]
		out[i] = guard.Test{Operator: c.Operator.String(), Key: c.Key, Values: c.Values}
	}
	return out
}
