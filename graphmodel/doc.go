// Package graphmodel holds the access graph: which principals there are, what
// they belong to, and which statements open a way from one to the next.
//
// The graph is a labelled directed multigraph. A node is a place where access
// can stand: the organization, an OU, an account (which is also its root
// user), a user, group, role, identity provider, AWS service, a resource, or
// the public. An edge leads from who acts to what is reached and carries a
// [Label]: its kind, and the statement that justifies it. Two edges may join
// the same nodes, because two statements can grant the same step.
//
// Rules of AWS are the shape of the graph (see [EdgeKind]):
//
//	user --member-of--> group --identity-grant--> account --contains--> bucket
//	user --identity-grant--> account of the user --resource-grant--> bucket of another account
//	user --resource-grant--> bucket of the same account
//	user --assume-role--> role
//
// so identity or resource policy are two parallel paths inside an account, and
// one path in series across accounts. An identity grant ends at the account,
// not at each resource it names: the graph then grows with documents, not with
// pairs.
//
// The graph is SOUND: every step that AWS would permit has its edges. It is not
// precise: an edge says that a statement speaks about a step, not that all
// gates let it through. Package solver decides that; it uses the graph to know
// whom to ask about.
//
// A question about one bucket needs few of these edges. A [Lookup] finds the
// grants and trust into one node, or out of it, and the part of the graph around
// it, without drawing the whole.
//
// A Graph is immutable once built and safe for concurrent use. It is stored as
// compressed adjacency arrays, and implements gonum's graph.Directed.
package graphmodel
