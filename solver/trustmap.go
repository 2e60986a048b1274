package solver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// TrustMap returns which accounts can enter which others: an edge from one account
// to another when some user or role of it can assume some role there in one hop, and
// one from whoever outside the snapshot, or of an identity provider, is let in.
// Services are left out: nearly every account lets some in.
func (s *Solver) TrustMap() *GraphAnswer {
	b := s.drawing("Which account can enter which")
	b.asWritten = true
	roots := map[string]string{}
	for _, a := range s.inv.Accounts {
		roots[a.ID] = a.RootARN()
		b.node(a.RootARN())
	}
	for _, e := range s.surveyOfRoles().Entries() {
		b.edge(GraphEdge{
			From: roots[e.From], To: roots[e.To], Kind: "enters", Label: into(e.Roles), Open: !e.Certain, Weight: e.Principals,
		})
	}
	for _, a := range s.inv.Accounts {
		for _, g := range s.guestsOf(a) {
			b.place(g.node)
			b.edge(GraphEdge{From: g.node.ID, To: a.RootARN(), Kind: "enters", Label: into(g.roles), Open: !g.certain})
		}
	}
	f := s.finder()
	for _, a := range s.inv.Accounts {
		f.unreadOf(a)
	}
	b.none("No account can enter another")
	return b.finish(f.gaps())
}

func into(roles int) string {
	if roles == 1 {
		return "into 1 role"
	}
	return fmt.Sprintf("into %d roles", roles)
}

// A guest is somebody outside that an account lets in.
type guest struct {
	node    GraphNode
	roles   int  // that let it in
	certain bool // one of them without an open condition
}

// guestsOf lists whom the roles of an account let in from outside, or from accounts
// of which the users and roles were not read, by id.
func (s *Solver) guestsOf(a *inventory.Account) (out []guest) {
	at := map[string]int{}
	for _, role := range a.Held().Roles {
		seen := map[string]bool{}
		hops := s.namedHops(role, func(c *Caller) bool {
			from := s.inv.Account(c.Account)
			return c.Kind != CallerService && (c.Kind != CallerRoot || from == nil || !from.IAM)
		})
		for _, h := range hops {
			n := guestNode(s.partyOf(&h.from))
			i, ok := at[n.ID]
			if !ok {
				i = len(out)
				at[n.ID] = i
				out = append(out, guest{node: n})
			}
			out[i].certain = out[i].certain || len(h.guard) == 0
			if !seen[n.ID] {
				seen[n.ID] = true
				out[i].roles++
			}
		}
	}
	slices.SortFunc(out, func(a, b guest) int { return strings.Compare(a.node.ID, b.node.ID) })
	return out
}

// providerNode returns the node of an identity provider. Each account has its own entry
// for one: entries for OpenID Connect are named by its address, and those that
// Identity Center makes by its instance; what other SAML providers are called is
// up to each account.
func providerNode(o Party) GraphNode {
	resource := arn.Resource(o.ARN)
	if url, ok := strings.CutPrefix(resource, "oidc-provider/"); ok {
		return GraphNode{ID: "https://" + url, Kind: "provider", Label: url, External: true}
	}
	name := lastPart(o.ARN)
	if strings.HasPrefix(name, "AWSSSO_") && strings.HasSuffix(name, "_DO_NOT_DELETE") {
		return GraphNode{ID: "saml-provider/" + name, Kind: "provider", Label: name, External: true}
	}
	return GraphNode{ID: o.ARN, Kind: "provider", Label: name + " of " + o.Account, External: true}
}

// guestNode returns the node of an outsider in a map of accounts: other accounts by
// their number.
func guestNode(o Party) GraphNode {
	switch {
	case o.Kind == "provider":
		return providerNode(o)
	case o.Account != "":
		partition := cmp.Or(arn.Partition(o.ARN), "aws")
		return GraphNode{
			ID: "arn:" + partition + ":iam::" + o.Account + ":root", Kind: "account", Label: o.Account, Account: o.Account, External: true,
		}
	case o.Kind == "anonymous":
		return GraphNode{ID: "anonymous", Kind: "public", Label: "everybody", External: true}
	}
	return GraphNode{ID: o.ARN, Kind: "public", Label: "any AWS account", External: true}
}
