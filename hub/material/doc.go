// Package material owns what is inside the files of a case: it tells what a
// file really is, refuses what is dangerous or damaged, has it scanned for
// viruses, and makes the pictures that people look at. The file itself is
// evidence and is never changed.
//
// What is accepted and why something is refused is in docs/materials.md.
package material
