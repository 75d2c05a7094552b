// Package live lets the sessions of hub take place in the rooms of video: it
// implements hub.Rooms and hub.Recorder, and turns what somebody may do in a
// session into a grant of the room. It decides nothing.
//
// Goroutines: one for each session that is recorded, started by the first
// Start, ended by Close; it watches the room for people who come and mute.
package live
