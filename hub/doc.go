// Package hub is the vocabulary of Tongban and its case service: cases, the
// events that make them, the people and agencies that act, and the ports that
// the rest of the product implements.
//
// A case is a chain of signed events. The insert of event (case, seq) is the
// only commit; everything else (the folded [Case], the rows of the work
// queues, the outbox) is derived from the chain and can be made again.
//
// The package imports only the standard library. Other crypto suites come in
// through [Algorithms]; stores through the interfaces of ports.go.
package hub
