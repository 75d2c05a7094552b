// Package session owns what a video session is: who takes part in which role,
// which states it and each person in it can have, what each may do then, when
// it may take place, and the small formats of the room (marks, strokes,
// calendar files). It knows persons by short ids only and keeps nothing.
//
// There is one table ([Table]) of everything that can happen, for the session
// and the people in it together; docs/sessions.md has its picture. What the
// table keeps (Row.Kept) is an event of the case's chain, the rest is presence:
// who stands at the door.
//
// Package hub imports this package; it uses the standard library only.
package session
