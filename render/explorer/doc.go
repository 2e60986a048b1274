// Package explorer writes a view as one HTML page that shows it and answers
// questions about it.
//
// The page is self-contained: its script, its styles and its data stand in it,
// and a Content-Security-Policy lets it load nothing else and run no other
// script. Nothing that stands in a view is ever markup or script: the data is
// JSON in which no character can end the block it stands in, and the script
// writes texts as text alone.
//
// In a file, questions are answered from the view: by walking over its edges.
// Served by pathfinder (Options.Server), the page asks the server instead, which
// answers as the commands do.
//
// The script is made from web/src by web/build.mjs and committed with the
// licences of the libraries in it, so that building pathfinder needs Go alone.
package explorer
