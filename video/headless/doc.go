// Package headless is a participant without a screen: it speaks
// docs/video-protocol.md over a WebSocket, sends a short clip as its camera and
// microphone, counts what it gets from the others, and keeps a still of each.
// The demo and tests use it; people use the pages.
package headless
