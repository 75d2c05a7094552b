// Package certificate makes the papers of a case as PDF: certificates,
// registration proofs, register extracts, receipts, notices and questioning
// records. It owns their layout, their words and the drawn seal.
//
// It knows no cases and no stores: each paper is a plain struct with texts and
// times, and a method of [Printer] gives its bytes. The same input always gives
// the same bytes (files are kept by their digest), so nothing here reads a clock
// or makes a random number. Signing the bytes is the business of a [Sealer].
//
// Texts are never dropped: a character that no font can print is refused with
// hub.MissingGlyph, a text that is too long wraps and goes on to another page.
package certificate
