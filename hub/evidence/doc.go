// Package evidence writes a case as one file that proves itself, and verifies
// such a file without any server. docs/bundle.md describes the format.
//
// A bundle is a ZIP of stored (not compressed) files in one fixed order, so
// that every byte of it is either content that a digest covers or container
// that the verifier can write again and compare: whatever byte is changed, it
// is found. Scans do not get smaller by compression, and what is not
// compressed cannot be a zip bomb.
package evidence
