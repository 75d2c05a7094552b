// Package apart does dangerous or heavy work in a process beside this one: the
// same program, started again with a hidden subcommand. The process has limits
// of its own, gives way to everything else, ends with its parent, and is killed
// when it is late or speaks out of turn; what happens to it happens to nobody else.
//
// Both sides talk over the standard input and output: a greeting with the
// version, then one request and one answer at a time, each a frame of at most
// 64 KiB. Large things travel as files in a folder that both know.
package apart
