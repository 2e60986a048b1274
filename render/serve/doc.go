// Package serve answers questions about one snapshot over HTTP, for the explorer
// page and for scripts on the same machine. It asks the solver and decides
// nothing: the answer to a question is byte for byte what the command prints as
// JSON, but for its indentation.
//
// Words used here:
//
//   - question: a request that asks the solver. A look-up, such as a search, does not.
//   - view: what the page draws of an answer, see package view.
//
// The paths are /, which is the page, and below /api/ meta, search, around,
// who-can, can and paths. Errors are {"error": text}; docs/serve.md lists all.
//
// The package promises:
//
//   - It reads, and writes nothing but responses and the log. Every path is for GET
//     and HEAD.
//   - A request for a Host that the server does not go by gets 421, so that a name
//     that somebody points at this machine reads nothing (DNS rebinding).
//   - A request that a page of another origin makes gets 403: whose Origin is
//     another one, or of which the browser says so in Sec-Fetch-Site. Another port
//     of this machine is another origin. Only the page itself may be led to from
//     elsewhere, as a document of its own: it holds nothing that its address has
//     said, can't be framed, and who leads there can't read it.
//   - Every response forbids caching, framing, sniffing, referrers and use by other
//     origins, and has a strict Content-Security-Policy.
//   - What a request says is bounded in length and number, and what it doesn't say
//     is as in the command. A parameter that there isn't is an error: a question is
//     never answered as another one.
//   - A few questions are answered at a time, as [Config] says; others wait, until
//     they are given up. The solver can't be interrupted: a question whose asker
//     has gone is answered to the end, and holds its place meanwhile.
//   - A panic ends the request with 500. Whatever the solver remembered is forgotten
//     then, for it may be half done.
//   - When a compiled snapshot turns out to be damaged, the question is asked again
//     of the snapshot itself.
//
// A [Handler] is safe for concurrent use.
package serve
