// Package benchmarks measures what users wait for: loading a snapshot,
// questions over it, single decisions. README.md holds the figures.
package benchmarks
