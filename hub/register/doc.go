// Package register owns the real-property register (不动产登记簿): units, the
// rights on them, what burdens them, and the booking (登簿) that changes them.
//
// The register is a log. One [Booking] is one atomic registration over one or
// several units; it takes the next version of every unit it touches, and the
// insert of the booking under a unique key for each (unit, version) is the
// commit. Whoever loses the race decides again on the fresh state. What a unit
// is now, or was on a past day, is the fold over its bookings; snapshots only
// save time. Every booking carries the hash of the one before of each of its
// units and is signed by the registry, so that a changed byte is found.
//
// Linked registrations are the steps of one booking: each is checked on the
// state that the steps before it have made, and one obstacle refuses all. The
// same [Check] answers at acceptance and in the instant of booking.
//
// Law: 民法典 (Civil Code) articles 214 to 223, 301, 347 to 409; 不动产登记暂行
// 条例; 担保制度解释 (2020) 43 and 52. Persons are references and sealed bytes:
// no name is stored or logged in clear.
//
// Package hub imports this package; it uses the standard library and hub/code.
package register
