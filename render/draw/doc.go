// Package draw lays graph answers out and draws them as SVG and PNG.
//
// The layout is Graphviz's: the WebAssembly module of go-graphviz v0.2.10, run
// in process by wazero. The Go code of go-graphviz is not linked in, because
// importing it compiles the module at start-up: every command would take 50 ms
// longer, or 1.2 s when nothing is cached, and would run native code found at a
// predictable path in the shared temporary folder, guarded by a checksum only.
// Here nothing happens before the first picture; the cache lies in a folder
// that only the user can use; the module sees no files, no environment and at
// most 512 MiB, and stops with its context. A test holds the pictures equal to
// those of go-graphviz.
//
// An SVG holds no script, no link and nothing to load. A PNG is painted from
// the SVG with the fonts that the program carries, so that it looks the same
// everywhere.
package draw
