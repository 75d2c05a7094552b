// Package hubtest wires a whole case service for tests: a window and a
// registry of two provinces, their people and one small item, on the real
// stores: given ones, or the embedded ones that a test process shares.
//
// It is imported by tests only.
package hubtest
