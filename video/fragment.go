package video

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v3"

	"tongban/hub"
)

// fragment is what RFC 8840 lets a client trickle.
type fragment struct {
	ufrag, pwd string
	candidates []webrtc.ICECandidateInit
}

// parseFragment reads application/trickle-ice-sdpfrag.
func parseFragment(text string) (f fragment) {
	var mid *string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "a="), ":")
		switch {
		case !strings.HasPrefix(line, "a="):
		case key == "ice-ufrag":
			f.ufrag = value
		case key == "ice-pwd":
			f.pwd = value
		case key == "mid":
			v := value
			mid = &v
		case key == "candidate":
			f.candidates = append(f.candidates, webrtc.ICECandidateInit{Candidate: "candidate:" + value, SDPMid: mid})
		}
	}
	return f
}

// patch takes trickled candidates, or restarts ICE when the credentials are new
// (RFC 9725 §4.3).
func (g *Gateway) patch(w http.ResponseWriter, r *http.Request, kind string) {
	s, err := g.session(r, kind)
	if err != nil {
		problem(w, err)
		return
	}
	text, err := g.body(r, typeFragment)
	if err != nil {
		problem(w, err)
		return
	}
	f := parseFragment(text)
	match := r.Header.Get("If-Match")
	type result struct{ etag, body string }
	out, err := onPeer(r.Context(), s.peer, func() (result, error) {
		old := s.peer.remoteUfrag()
		restart := f.ufrag != "" && old != "" && f.ufrag != old
		if match != "" && match != "*" && match != s.etag {
			return result{}, refuse(hub.StaleVersion, ReasonUnknown, "the session's ICE credentials are newer")
		}
		if !restart {
			for _, c := range f.candidates {
				if err := s.peer.onCandidate(c); err != nil {
					return result{}, err
				}
			}
			return result{}, nil
		}
		body, err := s.peer.restartBy(f)
		if err != nil {
			return result{}, err
		}
		s.etag = `"` + rand.Text() + `"`
		return result{s.etag, body}, nil
	})
	switch {
	case err != nil:
		problem(w, err)
	case out.body == "":
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", typeFragment)
		w.Header().Set("ETag", out.etag)
		_, _ = w.Write([]byte(out.body))
	}
}

func (p *peer) remoteUfrag() string {
	d := p.pc.RemoteDescription()
	if d == nil {
		return ""
	}
	u, _ := credentials(d.SDP)
	return u
}

// credentials reads the first ufrag and password of a description.
func credentials(text string) (ufrag, pwd string) {
	f := parseFragment(text)
	return f.ufrag, f.pwd
}

// restartBy answers a restart: the client's last offer with new credentials is
// offered again, and of the answer only the ICE part goes back.
func (p *peer) restartBy(f fragment) (string, error) {
	var d sdp.SessionDescription
	if f.pwd == "" || len(f.ufrag) > 256 || len(f.pwd) > 256 {
		return "", refuse(hub.BadRequest, ReasonCandidate, "new ICE credentials need both ufrag and password")
	}
	if err := d.UnmarshalString(p.pc.RemoteDescription().SDP); err != nil {
		return "", refuseWith(hub.Internal, ReasonSDP, "the session cannot be restarted", err)
	}
	renew := func(attrs []sdp.Attribute) []sdp.Attribute {
		out := attrs[:0]
		for _, a := range attrs {
			switch a.Key {
			case sdp.AttrKeyCandidate, sdp.AttrKeyEndOfCandidates:
				continue
			case "ice-ufrag":
				a.Value = f.ufrag
			case "ice-pwd":
				a.Value = f.pwd
			}
			out = append(out, a)
		}
		return out
	}
	d.Attributes = renew(d.Attributes)
	for _, m := range d.MediaDescriptions {
		m.Attributes = renew(m.Attributes)
	}
	offer, err := d.Marshal()
	if err != nil {
		return "", refuseWith(hub.Internal, ReasonSDP, "the session cannot be restarted", err)
	}
	p.candidates = 0
	answer, err := p.onOffer(string(offer), nil)
	if err != nil {
		return "", err
	}
	p.settle()
	for _, c := range f.candidates {
		if err := p.onCandidate(c); err != nil {
			return "", err
		}
	}
	var out strings.Builder
	own := parseFragment(answer)
	out.WriteString("a=ice-ufrag:" + own.ufrag + "\r\na=ice-pwd:" + own.pwd + "\r\n")
	if m := d.MediaDescriptions; len(m) > 0 {
		mid, _ := m[0].Attribute(sdp.AttrKeyMID)
		out.WriteString("m=" + m[0].MediaName.Media + " 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:" + mid + "\r\n")
	}
	seen := map[string]bool{}
	for _, c := range own.candidates {
		if !seen[c.Candidate] {
			seen[c.Candidate] = true
			out.WriteString("a=" + c.Candidate + "\r\n")
		}
	}
	out.WriteString("a=end-of-candidates\r\n")
	return out.String(), nil
}
