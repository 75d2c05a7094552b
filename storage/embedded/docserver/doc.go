// Package docserver is a small document server inside the process: it speaks
// MongoDB's wire protocol on a loopback port and keeps everything in one bbolt
// file, so that the same driver code runs on it and on a MongoDB replica set.
//
// What it answers with success it has done: every write is validated before it
// changes anything, and answered only after the commit that holds it is synced
// to disk. What it does not know (command, stage, operator, option) it refuses
// with MongoDB's error code; nothing is ignored in silence.
//
// # Goroutines
//
//	accept loop   started by Open, ends when Close closes the listener
//	connection    one each, started by the accept loop, ends when its socket does
//	writer        started by Open, owns write transactions, ends when Close closes its queue
//	housekeeper   started by Open, ends with the server's context: TTL, idle cursors, sessions, transactions
//
// Close waits for all of them.
//
// # Transactions
//
// One writer at a time. Single commands that arrive together share one commit
// (group commit). A client transaction holds the writer from its first command
// to its end, at most Config.TransactionLife, and so is serializable. Reads see
// committed data only and never wait for writers.
package docserver
