// Package explorer writes the page on which people click through a graph: one file of
// HTML that loads nothing and sends nothing, or, served by package serve, one that asks
// its own server.
//
// The script in assets is bundled from web/src with graphology and sigma, which draw;
// web/build.mjs says how. Building pathfinder needs Go alone. Where nodes stand is
// computed here (place.go).
//
// Names in a view are not trusted. They are in the page as JSON that no HTML parser
// takes for the end of its element, the script sets texts only as texts, and a Content
// Security Policy allows this script, this style sheet, and nothing else.
package explorer
