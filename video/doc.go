// Package video will own remote review by video: rooms, signalling and
// recording over pion/webrtc v3, which no other folder may import. It knows
// rooms and grants, not cases. Nothing of it is built yet.
package video
