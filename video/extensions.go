package video

import (
	"strings"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v3"
)

// The header extensions that are used here.
const (
	uriAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	uriTransport  = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
)

// extensionIDs are the numbers that one connection gave to them; 0: not agreed.
type extensionIDs struct{ audioLevel, transport uint8 }

func extensionsOf(params []webrtc.RTPHeaderExtensionParameter) (ids extensionIDs) {
	for _, e := range params {
		switch e.URI {
		case uriAudioLevel:
			ids.audioLevel = uint8(e.ID)
		case uriTransport:
			ids.transport = uint8(e.ID)
		}
	}
	return ids
}

func transportID(exts []interceptor.RTPHeaderExtension) uint8 {
	for _, e := range exts {
		if e.URI == uriTransport {
			return uint8(e.ID)
		}
	}
	return 0
}

func codecOf(mime string) codec {
	switch strings.ToLower(mime) {
	case "video/vp8":
		return codecVP8
	case "video/h264":
		return codecH264
	case "audio/opus":
		return codecOpus
	}
	return codecNone
}
