package live

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tongban/hub"
	"tongban/hub/session"
	"tongban/video"
	"tongban/video/record"
)

// recording is one session that is recorded here.
type recording struct {
	owner *Recorder
	id    session.ID
	ahead time.Duration // of the hub's clock before the wall clock, by which packets arrive
	gone  chan struct{} // closed by end
	once  sync.Once

	tapping sync.Mutex // one tap is opened at a time
	untap   func()     // guarded by tapping

	mu      sync.Mutex // guards the rest
	people  map[session.Who]*record.Recorder
	streams map[video.PublicationID]*stream
}

func newRecording(r *Recorder, id session.ID) *recording {
	return &recording{
		owner: r, id: id, ahead: time.Until(r.now()).Round(time.Millisecond), gone: make(chan struct{}), people: map[session.Who]*record.Recorder{}, streams: map[video.PublicationID]*stream{},
	}
}

// now is the hub's clock as it was when the recording began: one that is set
// forward meanwhile leaves no hole in what is recorded.
func (r *recording) now() time.Time { return time.Now().Add(r.ahead) }

func (r *recording) room() video.RoomID { return video.RoomID(r.id) }

// start records a person from now on; what was recorded before, by us or by a
// process that died, goes on.
func (r *recording) start(ctx context.Context, who session.Who) error {
	r.mu.Lock()
	there := r.people[who] != nil
	r.mu.Unlock()
	if !there {
		rec, err := record.Resume(ctx, record.Config{
			Prefix: prefix(r.id, who), Sink: r.owner.sink, Logger: r.owner.log, Now: r.now,
			WantKeyFrame: func(k record.Kind) { r.wantKey(who, k) },
		})
		if err != nil {
			return storage(err)
		}
		if !r.add(who, rec) { // somebody else was faster
			if err := rec.Close(ctx); err != nil {
				return storage(err)
			}
		}
	}
	r.tap(ctx)
	return nil
}

func (r *recording) add(who session.Who, rec *record.Recorder) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.people[who] != nil {
		return false
	}
	r.people[who] = rec
	for _, s := range r.streams {
		if s.who == who {
			s.join(rec)
		}
	}
	return true
}

// tap opens the taps of the room, if it is there and not tapped yet.
func (r *recording) tap(ctx context.Context) {
	r.tapping.Lock()
	defer r.tapping.Unlock()
	stop, err := r.owner.node.Tap(ctx, r.room(), r.open)
	if err == nil {
		r.untap = stop
		return
	}
	if c := hub.ErrorCode(err); c != hub.NotFound && c != hub.Conflict && ctx.Err() == nil {
		r.owner.log.WarnContext(ctx, "a room cannot be recorded", "session", r.id, "error", err)
	}
}

// open answers for one publication. Everybody is tapped, so that his recording
// can begin at any moment.
func (r *recording) open(i video.TapInfo) video.Tap {
	kind, ok := kinds[i.Source]
	codec := codecs[i.Codec]
	if !ok || codec == 0 {
		return nil
	}
	s := &stream{of: r, publication: i.Publication, who: session.Who(i.Participant), kind: kind, codec: codec, key: i.RequestKeyFrame}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.streams[i.Publication] = s
	if rec := r.people[s.who]; rec != nil {
		s.join(rec)
	}
	return s
}

var (
	kinds = map[video.Source]record.Kind{
		video.Camera: record.Camera, video.Mic: record.Mic, video.Screen: record.Screen, video.ScreenAudio: record.ScreenAudio,
	}
	codecs = map[string]record.Codec{"vp8": record.VP8, "h264": record.H264, "opus": record.Opus}
)

func (r *recording) wantKey(who session.Who, k record.Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.streams {
		if s.who == who && s.kind == k && s.key != nil {
			s.key()
		}
	}
}

// watch follows the room: who comes is tapped, who mutes is told to be muted.
func (r *recording) watch(ctx context.Context) {
	w := r.owner.node.Watch(r.room())
	defer w.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.gone:
			return
		case e, ok := <-w.C:
			if !ok {
				return
			}
			switch e.Kind {
			case video.EventJoined, video.EventPublished, video.EventLost:
				r.tap(ctx)
			case video.EventMuted:
				r.mute(e.Publication, e.On)
			}
		}
	}
}

func (r *recording) mute(p video.PublicationID, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.streams[p]; s != nil && s.rec != nil {
		_ = s.rec.SetMuted(s.kind, on) // full or ended: the recording states the gap
	}
}

func (r *recording) progress() []hub.RecordingProgress {
	r.mu.Lock()
	defer r.mu.Unlock()
	since := r.owner.now().Sub(r.now()).Round(time.Millisecond) // set forward since it began: how old a proof is counts, not its hour
	var out []hub.RecordingProgress
	for who, rec := range r.people {
		p := rec.Progress()
		if p.Last.Index == 0 {
			p.ConfirmedUntil = time.Time{} // it has begun, and nothing of it is stored yet
		} else {
			p.ConfirmedUntil = p.ConfirmedUntil.Add(since)
		}
		out = append(out, hub.RecordingProgress{
			Who: who, Recording: p.Recording, ConfirmedUntil: hub.Millis(p.ConfirmedUntil), Stalled: p.Stalled, Why: string(p.Reason),
		})
	}
	return out
}

func (r *recording) anybody() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.people) > 0
}

func (r *recording) stop(ctx context.Context, who session.Who) error {
	r.mu.Lock()
	rec := r.people[who]
	delete(r.people, who)
	for _, s := range r.streams {
		if s.who == who {
			s.leave()
		}
	}
	r.mu.Unlock()
	if rec == nil {
		return nil
	}
	return storage(rec.Close(ctx))
}

func (r *recording) stopAll(ctx context.Context) error {
	r.mu.Lock()
	var who []session.Who
	for w := range r.people {
		who = append(who, w)
	}
	r.mu.Unlock()
	var errs []error
	for _, w := range who {
		errs = append(errs, r.stop(ctx, w))
	}
	return errors.Join(errs...)
}

// end lets the room go.
func (r *recording) end() {
	r.once.Do(func() {
		close(r.gone)
		r.tapping.Lock()
		defer r.tapping.Unlock()
		if r.untap != nil {
			r.untap()
		}
	})
}

// stream is one publication on its way to the recorder of its person.
type stream struct {
	of          *recording
	publication video.PublicationID
	who         session.Who
	kind        record.Kind
	codec       record.Codec
	key         func()

	ssrc atomic.Uint32    // of the last packet: reports are about it
	rec  *record.Recorder // guarded by of.mu; nil while he is not recorded
}

// join and leave are called under of.mu.
func (s *stream) join(rec *record.Recorder) {
	s.rec = rec
	_ = rec.AddTrack(s.kind, s.codec) // full or ended: nothing of it is confirmed, and that stops the formal part
	if s.key != nil {
		s.key()
	}
}

func (s *stream) leave() { s.rec = nil }

func (s *stream) recorder() *record.Recorder {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	return s.rec
}

// Packet implements video.Tap.
func (s *stream) Packet(p *rtp.Packet, arrived time.Time) {
	s.ssrc.Store(p.SSRC)
	if rec := s.recorder(); rec != nil {
		rec.WriteRTP(s.kind, p, arrived.Add(s.of.ahead))
	}
}

// Report implements video.Tap.
func (s *stream) Report(ntp uint64, ts uint32, arrived time.Time) {
	if rec := s.recorder(); rec != nil {
		rec.WriteReport(s.kind, &rtcp.SenderReport{SSRC: s.ssrc.Load(), NTPTime: ntp, RTPTime: ts}, arrived.Add(s.of.ahead))
	}
}

// Lost implements video.Tap: the recorder sees the missing numbers itself.
func (s *stream) Lost(int) {}

// Ended implements video.Tap.
func (s *stream) Ended() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	if s.rec != nil {
		_ = s.rec.RemoveTrack(s.kind) // ended already: there is nothing to remove
	}
	if s.of.streams[s.publication] == s {
		delete(s.of.streams, s.publication)
	}
}
