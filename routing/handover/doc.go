// Package handover carries custody of cases between agencies: it writes and
// delivers the messages that events ask for, and receives, verifies and
// answers those of others. It is the same between two agencies of one hub and
// between hubs; only the transport differs. docs/handover.md has the picture.
//
// The package keeps nothing: parcels, received messages and receipts are in
// hub.Outbox, and custody itself only ever moves by an event in the chain.
// Every step may be done again after a crash and ends the same.
package handover
