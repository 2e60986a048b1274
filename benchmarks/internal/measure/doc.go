// Package measure runs processes and says what they cost, as the benchmarks
// print it.
//
// A [Sample] is what the operating system says of a process that ended and of
// the processes it waited for: wall time, processor time in user and kernel
// mode on all cores, and the largest resident set.
//
// The largest resident set of a process is never reported below that of the
// process that started it. A program that grows therefore calls [Main] first:
// what it measures is then started by a small process of its own.
package measure
