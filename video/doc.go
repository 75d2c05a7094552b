// Package video moves live media: an SFU (selective forwarding unit) with its
// signalling over pion/webrtc v3, which no other folder may import. It knows
// rooms and grants, not cases: who may enter and what he may do comes from the
// caller as a [Grant], and what is recorded leaves through a [Tap].
//
// # The way of a packet
//
// A published encoding is a layer. Its reader parses each RTP packet once, keeps
// it in the one retransmission ring of that layer and hands a counted reference
// to the fan-out shards of the room. A shard owns its share of the receivers:
// it picks the layer for each, rewrites sequence number, timestamp and VP8
// picture ids, and writes. Nothing is copied for a receiver but by encryption.
//
// # Goroutines
//
//	what                     started by            stopped by               waited for by
//	Room.run                 Node.acquire          last release             Node.Close (wg)
//	shard.run                Room.shardFor         end of Room.run          Room.run (wg)
//	tapStream.run            Room.openTaps         end of publication       Room.run (wg), stop of Node.Tap
//	peer.run                 newPeer               peer.close               peer.close (wg)
//	layer.read               peer.onTrack          end of the track         peer.close (wg)
//	peer.close               Node.reap             itself                   Node.Close (wg)
//	tcpConn.run              tcpListener.Accept    tcpConn.Close            Node.Close (wg)
//	session.write            Door.Serve            end of session.read      Door.Serve
//	Node.Snapshot's askers   Node.Snapshot         their answers            Node.Snapshot
//
// pion starts about 17 more for each connection; peer.close calls GracefulClose,
// which waits for them, and never from a pion callback.
//
// # Queues and what they drop
//
//	shard.media     4096 packets: at 3/4 video is dropped, from its next packet to the next key frame; audio only when full
//	tapStream       1024 packets: the newest are dropped and counted, the tap is told before its next packet
//	tcpConn.out     256 KiB for video, 512 KiB for everything: a video packet over the first is dropped, the rest over the second
//	session out     256 messages: a reader that slow is disconnected and may resume
//	peer.jobs       256: more means that pion is stuck; the peer is closed
//	Watch           1024 events: the newest are dropped, and an EventLost follows
package video
