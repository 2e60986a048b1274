// Package place gives every node of a view a point, so that the page that shows
// it has nothing to compute.
//
// Frames are areas that do not overlap: a frame holds the cells of its nodes,
// those who act on the left and what is reached on the right, and below them
// the frames in it. Nodes in no frame stand beside: those who act on the left
// of everything, the rest on the right. Inside, nodes stand in the order of
// where their neighbours are, so that most edges are short.
//
// No two nodes share a cell, and the same view gives the same points. The time
// is O(n log n + e) for n nodes and e edges.
package place
