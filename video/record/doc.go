// Package record owns the recording of a video session: it takes the RTP
// packets and sender reports of one participant's tracks and keeps them, while
// they come, as short hashed segments in an object store; afterwards it makes
// one playable, seekable file of them. It knows tracks and segments, not cases.
//
// What the format is and how a person checks it: docs/recording.md.
//
// Goroutines. Start and Resume start two for each [Recorder]: the owner, which
// alone touches tracks, clocks and open segments, and the writer, which alone
// talks to the [Sink]. Close ends both and waits for them. The writer starts
// one more for each Put, because a store may ignore its deadline, and waits for
// it before the next. Finish starts none.
package record
