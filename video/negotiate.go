package video

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v3"

	"tongban/hub"
)

// TrackDecl says what one media section of an offer publishes.
type TrackDecl struct {
	Mid    string      `json:"mid"`
	Source Source      `json:"source"`
	Layers []LayerDecl `json:"layers,omitempty"` // of a simulcast
}

// LayerDecl says how large the picture of one RID is.
type LayerDecl struct {
	RID    string `json:"rid"`
	Height int    `json:"height"`
}

// gatherLimit is how long a description waits for our own candidates; they are
// those of open sockets, so it is not reached.
const gatherLimit = 2 * time.Second

// onOffer answers a client's offer; in the peer's goroutine. It returns "" when
// the offer crossed one of ours: ours counts, and the client, which is the
// polite side, takes its own back. The caller sends the answer and then calls
// settle, so that an offer of ours does not overtake it.
func (p *peer) onOffer(text string, decls []TrackDecl) (answer string, err error) {
	if p.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer {
		return "", nil
	}
	desc, err := p.parse(text)
	if err != nil {
		return "", err
	}
	if err := p.declare(desc, decls); err != nil {
		return "", err
	}
	p.adopt(desc)
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text}); err != nil {
		return "", refuseWith(hub.BadRequest, ReasonSDP, "this session description cannot be answered", err)
	}
	p.prefer()
	for _, c := range p.early {
		_ = p.pc.AddICECandidate(c)
	}
	p.early = nil
	made, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", refuseWith(hub.BadRequest, ReasonSDP, "this session description cannot be answered", err)
	}
	sd, err := p.setLocal(made)
	if err != nil {
		return "", refuseWith(hub.BadRequest, ReasonSDP, "this session description cannot be answered", err)
	}
	p.answered = true
	return sd, nil
}

// setLocal applies a description of ours and waits for its candidates.
func (p *peer) setLocal(d webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(d); err != nil {
		return "", err
	}
	limit := time.NewTimer(gatherLimit)
	defer limit.Stop()
	select {
	case <-gathered:
	case <-limit.C:
	case <-p.quit:
	}
	return p.pc.LocalDescription().SDP, nil
}

// parse checks what we would otherwise find out too late.
func (p *peer) parse(text string) (*sdp.SessionDescription, error) {
	l := p.node.cfg.Limits
	if len(text) > l.SDP {
		return nil, refuse(hub.TooLarge, ReasonSDPTooLarge, "the session description is too large")
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return nil, refuseWith(hub.BadRequest, ReasonSDP, "not a session description", err)
	}
	if len(d.MediaDescriptions) == 0 {
		return nil, refuse(hub.BadRequest, ReasonSDP, "the session description has no media section")
	}
	if len(d.MediaDescriptions) > l.Sections {
		return nil, refuse(hub.TooLarge, ReasonSDPSections, "too many media sections")
	}
	mids := map[string]bool{}
	candidates := 0
	for _, m := range d.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		switch kind := m.MediaName.Media; {
		case kind == "application":
			return nil, refuse(hub.Forbidden, ReasonDataChannel, "there are no data channels here")
		case kind != "audio" && kind != "video":
			return nil, refuse(hub.BadRequest, ReasonSDP, "a media section is neither audio nor video")
		case mid == "" || len(mid) > 32 || mids[mid]:
			return nil, refuse(hub.BadRequest, ReasonSDP, "a media section has no mid of its own")
		}
		mids[mid] = true
		for _, a := range m.Attributes {
			if a.Key == sdp.AttrKeyCandidate {
				candidates++
			}
		}
	}
	if candidates > l.Candidates {
		return nil, refuse(hub.TooLarge, ReasonCandidates, "too many candidates")
	}
	p.candidates = candidates // those that follow are counted on top
	return &d, nil
}

// declare checks what the offer publishes against the grant and remembers it.
func (p *peer) declare(d *sdp.SessionDescription, decls []TrackDecl) error {
	grant := p.who.grant.Load()
	sources := map[string]Source{}
	taken := map[Source]bool{}
	heights := map[string]map[string]uint32{}
	for _, m := range d.MediaDescriptions {
		if !sends(m) {
			continue
		}
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		audio := m.MediaName.Media == "audio"
		src := p.sources[mid]
		if i := slices.IndexFunc(decls, func(t TrackDecl) bool { return t.Mid == mid }); i >= 0 {
			src = decls[i].Source
			heights[mid] = map[string]uint32{}
			for _, l := range decls[i].Layers {
				heights[mid][l.RID] = uint32(min(max(l.Height, 0), 1<<14))
			}
		}
		if src == "" {
			src = Camera
			if audio {
				src = Mic
			}
		}
		switch {
		case !src.known() || src.Audio() != audio:
			return refuse(hub.BadRequest, ReasonSource, "a media section declares a source that it cannot carry")
		case !grant.MayPublish(src):
			return refuse(hub.Forbidden, ReasonSource, "the grant does not permit to publish that source")
		case taken[src]:
			return refuse(hub.Conflict, ReasonSourceTaken, "two media sections declare the same source")
		}
		taken[src] = true
		sources[mid] = src
	}
	maps.Copy(p.heights, heights)
	p.sources = sources
	return nil
}

func sends(m *sdp.MediaDescription) bool {
	if m.MediaName.Port.Value == 0 && !bundledOnly(m) {
		return false
	}
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeyRecvOnly, sdp.AttrKeyInactive:
			return false
		}
	}
	return true
}

func bundledOnly(m *sdp.MediaDescription) bool {
	_, ok := m.Attribute("bundle-only")
	return ok
}

// adopt makes a slot of each media section in which the client only receives.
func (p *peer) adopt(d *sdp.SessionDescription) {
	known := map[string]bool{}
	for _, t := range p.pc.GetTransceivers() {
		known[t.Mid()] = true
	}
	for _, m := range d.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		if _, recvonly := m.Attribute(sdp.AttrKeyRecvOnly); !recvonly || known[mid] {
			continue
		}
		p.addSlot(p.openSeat(m.MediaName.Media == "audio"), m.MediaName.Media == "audio")
	}
}

// openSeat returns a seat without a slot of the kind, a new one if need be.
func (p *peer) openSeat(audio bool) *seat {
	for _, s := range p.seats {
		if (audio && s.audio == nil) || (!audio && s.video == nil) {
			return s
		}
	}
	s := &seat{}
	p.seats = append(p.seats, s)
	return s
}

// addSlot adds a media section for sending; it counts once it is negotiated.
func (p *peer) addSlot(st *seat, audio bool) *slot {
	s := &slot{peer: p, seat: slices.Index(p.seats, st), audio: audio, climb: newClimb()}
	t, err := p.pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return nil
	}
	s.trans = t
	if audio {
		st.audio = s
	} else {
		st.video = s
	}
	return s
}

// prefer asks publishers for the codec of the setting.
func (p *peer) prefer() {
	want := p.node.cfg.Prefer
	if want == "" {
		return
	}
	for _, t := range p.pc.GetTransceivers() {
		r := t.Receiver()
		if t.Kind() != webrtc.RTPCodecTypeVideo || r == nil || t.Direction() != webrtc.RTPTransceiverDirectionRecvonly {
			continue
		}
		list := r.GetParameters().Codecs
		slices.SortStableFunc(list, func(a, b webrtc.RTPCodecParameters) int {
			return rankMime(a.MimeType, want) - rankMime(b.MimeType, want)
		})
		_ = t.SetCodecPreferences(list)
	}
}

func rankMime(mime, want string) int {
	if strings.EqualFold(mime, "video/"+want) {
		return 0
	}
	return 1
}

// settle is called whenever the descriptions agree again.
func (p *peer) settle() {
	p.readySlots()
	p.retry()
	p.announce()
	if p.wantsOffer {
		p.negotiate()
	}
}

// negotiate offers our side's changes, now or when the client's turn is over.
func (p *peer) negotiate() {
	p.wantsOffer = true
	if p.wait && !p.answered {
		p.waitNoLonger()
		return
	}
	if p.pc.SignalingState() != webrtc.SignalingStateStable || !p.wide {
		return
	}
	p.wantsOffer = false
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: p.restart})
	if err != nil {
		p.fail(ReasonMedia)
		return
	}
	p.restart = false
	sd, err := p.setLocal(offer)
	if err != nil {
		p.fail(ReasonMedia)
		return
	}
	p.asked++
	p.announce()
	p.to.offer(sd)
	n := p.asked
	p.late = time.AfterFunc(p.node.cfg.Timeouts.Answer, func() { p.post(func() { p.unanswered(n) }) })
}

// waitNoLonger lets the server offer after all when a client that was to offer
// first does not.
func (p *peer) waitNoLonger() {
	if p.late != nil {
		return
	}
	p.late = time.AfterFunc(p.node.cfg.Timeouts.Answer, func() {
		p.post(func() {
			p.wait = false
			if p.wantsOffer {
				p.negotiate()
			}
		})
	})
}

func (p *peer) unanswered(n uint64) {
	if n == p.asked && p.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer && p.who.present() {
		p.fail(ReasonMedia)
	}
}

// onAnswer takes the answer to our offer; in the peer's goroutine.
func (p *peer) onAnswer(text string) error {
	if p.pc.SignalingState() != webrtc.SignalingStateHaveLocalOffer {
		return refuse(hub.WrongState, ReasonSDPLate, "no answer is expected")
	}
	if _, err := p.parse(text); err != nil {
		return err
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text}); err != nil {
		return refuseWith(hub.BadRequest, ReasonSDP, "this session description does not answer the offer", err)
	}
	p.late.Stop()
	p.settle()
	return nil
}

// onCandidate takes a trickled candidate; in the peer's goroutine. One that
// belongs to an offer we ignored is ignored as well.
func (p *peer) onCandidate(c webrtc.ICECandidateInit) error {
	if p.candidates++; p.candidates > p.node.cfg.Limits.Candidates {
		return refuse(hub.TooLarge, ReasonCandidates, "too many candidates")
	}
	if c.Candidate == "" {
		return nil // end of candidates
	}
	if len(c.Candidate) > 512 {
		return refuse(hub.BadRequest, ReasonCandidate, "not a candidate")
	}
	if p.pc.RemoteDescription() == nil {
		p.early = append(p.early, c)
		return nil
	}
	if err := p.pc.AddICECandidate(c); err != nil {
		return refuseWith(hub.BadRequest, ReasonCandidate, "not a candidate", err)
	}
	return nil
}
