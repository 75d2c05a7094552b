package record

// Kind names a track of a participant. One participant has at most one of each.
type Kind uint8

// The kinds.
const (
	Camera Kind = iota
	Mic
	Screen
	ScreenAudio
	kinds
)

var kindNames = [kinds]string{"camera", "mic", "screen", "screen_audio"}

func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return "unknown"
}

func (k Kind) video() bool { return k == Camera || k == Screen }

func (k Kind) lane() Lane {
	if k >= Screen {
		return Sharing
	}
	return Person
}

// slot is the track's place in its lane: 0 for video, 1 for audio.
func (k Kind) slot() int { return int(k & 1) }

// trackID is the number of the track inside every file.
func (k Kind) trackID() uint32 { return uint32(k.slot()) + 1 }

// Lane is what becomes one file: the person (camera and microphone) or what he
// shares (screen and its sound).
type Lane uint8

// The lanes.
const (
	Person Lane = iota
	Sharing
	lanes
)

var laneNames = [lanes]string{"person", "screen"}

func (l Lane) String() string {
	if l < lanes {
		return laneNames[l]
	}
	return "unknown"
}

func laneByName(s string) (Lane, bool) {
	for i, n := range laneNames {
		if n == s {
			return Lane(i), true
		}
	}
	return 0, false
}

// Codec is what a track carries.
type Codec uint8

// The codecs: VP8 by RFC 7741, H264 by RFC 6184 packetization mode 1 and Opus
// by RFC 7587.
const (
	VP8 Codec = iota + 1
	H264
	Opus
)

var codecNames = [...]string{VP8: "vp8", H264: "h264", Opus: "opus"}

func (c Codec) String() string {
	if c >= VP8 && c <= Opus {
		return codecNames[c]
	}
	return "unknown"
}

// rate is the RTP clock in ticks a second.
func (c Codec) rate() int64 {
	if c == Opus {
		return 48000
	}
	return 90000
}

func (c Codec) fits(k Kind) bool {
	return k < kinds && (k.video() && (c == VP8 || c == H264) || !k.video() && c == Opus)
}

// Container is the format of segments and files.
type Container string

// The containers.
const (
	MP4  Container = "mp4"  // H264 and Opus
	WebM Container = "webm" // VP8 and Opus
)

func (c Container) suffix() string { return "." + string(c) }

// container is that of a lane whose video has this codec; 0 for not known.
func (c Codec) container() Container {
	if c == VP8 {
		return WebM
	}
	return MP4
}

// mediaFrame is one picture or one Opus packet.
type mediaFrame struct {
	ext    int64 // RTP time, unwrapped, ticks since the source's first packet
	at     int64 // ticks since the lane's start; set when placed
	dur    int64 // ticks; 0 for video, whose frames last until the next
	key    bool
	data   []byte
	doubt  bool         // its beginning may be missing
	config *videoConfig // of a key frame
	after  GapReason    // what broke the media before this frame
	lost   int          // packets lost before it
}

// videoConfig is what a decoder needs to know of a video before it starts.
type videoConfig struct {
	width, height int
	sps, pps      []byte // H264 only
}
