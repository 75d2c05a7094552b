// Package message is the written form of what agencies send each other about
// the custody of a case: signed messages and the signed receipts that answer
// them. It is the same inside one hub and between hubs, and evidence bundles
// hold the same bytes. docs/handover.md describes the protocol.
//
// A message or receipt is one line of JSON whose exact bytes are signed. On
// the way it travels in an envelope: that line, then the signature as base64
// on a second line.
package message
