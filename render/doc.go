// Package render writes answers of the solver for people and for programs:
// tables, JSON, CSV and DOT. Its subfolder draw makes pictures.
//
// It decides nothing: what it prints stands in the answer. There is one
// function a format, and the same answer gives the same bytes.
//
// Names in an answer come from policies and accounts that somebody else may
// have written, and are not trusted. [Clean] takes terminal control and text
// direction out of them everywhere but in JSON, which has escapes of its own;
// CSV cells that a spreadsheet would run are quoted; DOT is escaped.
package render
