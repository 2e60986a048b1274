// Package service is the table of what is read of AWS: one [Service] for each,
// with the operations it needs, the permissions AWS asks for them, and a function
// that reads one [Unit] of work: one service of one account in one region.
//
// To add a service, write a file with its description and its function beside a
// test, and put it into the list in table.go. The rest follows: the calls are
// limited, tried again and counted, the permissions printed, the estimate made, and
// the work resumed.
//
// What every function promises:
//
//   - it only reads, and only with operations it declares (calls of others fail);
//   - a fact that could not be read is absent from the resource and noted with
//     [Unit.Missing]; "there is none" is written only where AWS said so;
//   - an error that it returns means that the whole unit is not known;
//   - a resource that vanished while it was read is left out, without a note;
//   - nothing secret is kept: no environment variables, user data, values, keys or
//     tokens.
package service
