// Package standard reads, checks, compares and applies standards: an item as
// one agency applies it. Their written form is one YAML document each, strict;
// their conditions are CEL, their forms become JSON Schema.
package standard
