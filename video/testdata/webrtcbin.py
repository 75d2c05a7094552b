"""A WHIP publisher or WHEP player of GStreamer's webrtcbin: another WebRTC stack (libnice, libsrtp, OpenSSL).

usage: webrtcbin.py publish|play URL TOKEN vp8|h264

It prints one JSON object per second: for play, how many pictures and sound buffers were decoded so far and how many
different pictures were among them; for publish, the state of the connection. It ends with its standard input, and then
deletes its resource.
"""

import json
import sys
import threading
import urllib.parse
import urllib.request
import zlib

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

ENCODERS = {
    "vp8": "vp8enc deadline=1 keyframe-max-dist=60 target-bitrate=300000 ! rtpvp8pay pt=96",
    "h264": "openh264enc bitrate=300000 gop-size=60 ! video/x-h264,profile=constrained-baseline ! h264parse"
    " ! rtph264pay pt=96 config-interval=-1 aggregate-mode=zero-latency",
}
DECODERS = {"vp8": "rtpvp8depay ! vp8dec", "h264": "rtph264depay ! h264parse ! openh264dec"}
NAMES = {"vp8": "VP8", "h264": "H264"}
FMTP = {"vp8": "", "h264": ',profile-level-id=(string)42e01f,packetization-mode=(string)1,level-asymmetry-allowed=(string)1'}


class Client:
    def __init__(self, mode, url, token, codec):
        self.mode, self.url, self.token, self.codec = mode, url, token, codec
        self.resource = None
        self.frames = self.sounds = 0
        self.pictures = set()
        self.pipe = self.receiver() if mode == "play" else self.sender()
        self.rtc = self.pipe.get_by_name("rtc")
        self.rtc.connect("notify::ice-gathering-state", self.on_gathering)
        if mode == "play":
            self.rtc.connect("pad-added", self.on_pad)
            self.receive("media=(string)audio,encoding-name=(string)OPUS,clock-rate=48000,payload=111")
            self.receive("media=(string)video,encoding-name=(string)%s,clock-rate=90000,payload=96%s" % (NAMES[codec], FMTP[codec]))
        self.pipe.set_state(Gst.State.PLAYING)
        GLib.timeout_add(200, self.offer)
        GLib.timeout_add_seconds(1, self.tell)

    def receiver(self):
        pipe = Gst.Pipeline.new()
        pipe.add(Gst.ElementFactory.make("webrtcbin", "rtc"))
        pipe.get_by_name("rtc").set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        return pipe

    def sender(self):
        return Gst.parse_launch(
            "webrtcbin name=rtc bundle-policy=max-bundle"
            " videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1 ! videoconvert ! "
            + ENCODERS[self.codec] + " ! application/x-rtp,media=video,encoding-name=%s,payload=96 ! queue ! rtc." % NAMES[self.codec]
            + " audiotestsrc is-live=true ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=111"
            " ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! queue ! rtc."
        )

    def receive(self, caps):
        self.rtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string("application/x-rtp," + caps))

    def offer(self):
        if self.mode == "publish":
            for i in range(2):
                t = self.rtc.emit("get-transceiver", i)
                t.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self.rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.on_offer))
        return False

    def on_offer(self, promise):
        reply = promise.get_reply()  # it owns the offer
        offer = reply.get_value("offer")
        self.rtc.emit("set-local-description", offer, Gst.Promise.new())

    def on_gathering(self, rtc, _):
        if rtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE and not self.resource:
            text = rtc.get_property("local-description").sdp.as_text()
            threading.Thread(target=self.post, args=(text,), daemon=True).start()

    def post(self, text):
        try:
            head = {"Authorization": "Bearer " + self.token, "Content-Type": "application/sdp"}
            with urllib.request.urlopen(urllib.request.Request(self.url, text.encode(), head, method="POST")) as r:
                self.resource = urllib.parse.urljoin(self.url, r.headers["Location"])
                answer = r.read().decode()
        except urllib.error.HTTPError as e:
            say(error="%d %s" % (e.code, e.read().decode()))
            return
        _, sdp = GstSdp.SDPMessage.new_from_text(answer)
        desc = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        self.rtc.emit("set-remote-description", desc, Gst.Promise.new())

    def on_pad(self, _, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        video = pad.get_current_caps().get_structure(0).get_string("media") == "video"
        decoder = DECODERS[self.codec] if video else "rtpopusdepay ! opusdec"
        tail = Gst.parse_bin_from_description("queue ! " + decoder + " ! fakesink name=out sync=false signal-handoffs=true", True)
        self.pipe.add(tail)
        tail.get_by_name("out").connect("handoff", self.on_frame if video else self.on_sound)
        tail.sync_state_with_parent()
        pad.link(tail.get_static_pad("sink"))

    def on_frame(self, _sink, buffer, _pad):
        self.frames += 1
        self.pictures.add(zlib.crc32(buffer.extract_dup(0, buffer.get_size())))

    def on_sound(self, _sink, _buffer, _pad):
        self.sounds += 1

    def tell(self):
        say(state=self.rtc.get_property("connection-state").value_nick, frames=self.frames, sounds=self.sounds, pictures=len(self.pictures))
        return True

    def close(self):
        if self.resource:
            head = {"Authorization": "Bearer " + self.token}
            urllib.request.urlopen(urllib.request.Request(self.resource, headers=head, method="DELETE")).close()
        self.pipe.set_state(Gst.State.NULL)


def say(**what):
    print(json.dumps(what), flush=True)


def main():
    Gst.init(None)
    client = Client(*sys.argv[1:5])
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()
    client.close()


main()
