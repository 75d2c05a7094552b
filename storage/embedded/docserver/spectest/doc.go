// Package spectest proves the embedded document server from outside: only through
// the official MongoDB driver, over the wire. It runs the test files that MongoDB
// publishes with the driver, counts what concurrent writers achieve, kills the
// server while they write, and measures how queries grow with the data.
//
// The server is started in this process; with MONGODB_URI set, the same suite runs
// against that server instead (one replica set member, without TLS).
package spectest
