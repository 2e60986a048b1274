// Package escalation lists the ways in which who holds some permissions gets
// more than they say: by changing its own policies, by taking over another user or
// role, or by having a service act as a role.
//
// The list is data (methods.txt), one [Method] a line: the calls that have to be
// allowed and what each is made on, the services one of which the role has to
// trust, and what else has to be true that a snapshot of IAM does not say. What
// follows from it in an account is worked out by package solver; nothing here
// looks at an account.
//
// The methods are those that the public collections of privilege escalation in
// AWS agree on or at least name: Rhino Security Labs (Pacu), NCC Group (PMapper),
// Bishop Fox (iam-vulnerable), Datadog (pathfinding.cloud), Prowler, HackTricks and
// others, as of 2026. Methods that move nobody are kept with the reason, so that
// whoever looks for one finds why it is not an edge.
package escalation
