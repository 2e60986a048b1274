// Package mototest runs moto's server, a stand-in for AWS written in Python, builds
// an organization in it, and corrects what it answers wrongly.
//
// [Start] starts the server, or skips the test with a line that says how to install
// it; where the environment variable CI is set a missing moto is a failure.
// [Server.Seed] builds the organization: twelve accounts in units three levels deep,
// each with the read role, and resources of every service that moto has. [Server]
// is a Doer that takes requests for the real hosts of AWS to moto, and [Corrected]
// one that puts hand-written answers, in the shapes of the API references, where
// moto lacks a call or answers otherwise than AWS.
//
// The ids that moto draws come from a seed: the same program builds the same
// organization. Moments are those of the clock.
package mototest
