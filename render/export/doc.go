// Package export writes views for other tools: Mermaid, GraphML, GEXF, JSON Graph
// Format, CSV files with a script for Neo4j, and BloodHound's OpenGraph.
//
// What a node or an edge says is listed once, as properties (properties.go); each
// format writes these in its own way. Names come from policies and accounts that
// somebody else may have written: texts are cleaned wherever a format shows them or
// could not hold them, and ids stay unique when they are.
//
// The same view gives the same bytes.
package export
