// Package issuer knows who gives out the tokens by which people and programs assume
// roles: which of them anybody can have an account with, and which claims then say
// whose a token is (E152 to E154).
//
// [Issuer.TooBroad] judges a condition on tokens. It takes a claim for what it says in
// the tokens of that issuer: a condition that any other customer meets limits nothing.
package issuer
