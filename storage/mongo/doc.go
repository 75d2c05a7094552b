// Package mongo owns the documents: it implements every port of package hub
// that keeps records, on MongoDB's driver. The same code runs on a replica set
// and on the document server inside the process.
//
// Every write is of one document and is acknowledged by the majority and the
// journal. No method needs a transaction. Times are stored in UTC, in whole
// milliseconds.
//
// # Errors
//
// What leaves this package is a [hub.Error]: NotFound where there is no such
// document, Conflict where a unique key is taken, Unavailable where the server
// did not answer in time or the answer was lost (the write may or may not have
// happened). Anything else is wrapped as it is and counts as Internal.
//
// docs/storage.md lists the collections and says what each index is for.
package mongo
