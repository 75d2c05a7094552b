// Package hubtest wires a whole case service for tests: a window and a
// registry of two provinces, their people, one small item, and any stores.
// What is not given is kept in memory.
//
// It is imported by tests only.
package hubtest
