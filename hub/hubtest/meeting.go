package hubtest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// FakeRecorder stands for the recorder of package video, which hub may not
// know: it proves everything at once, until a test lets it stall.
type FakeRecorder struct {
	Now func() time.Time

	mu        sync.Mutex
	recording map[session.Who]time.Time // since when
	stored    []hub.RecordedTrack
	stalled   string    // why
	silent    error     // it does not answer
	frozen    time.Time // nothing later is confirmed
	files     []hub.RecordedFile
}

// Start implements hub.Recorder.
func (r *FakeRecorder) Start(_ context.Context, _ session.ID, who session.Who) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.recording == nil {
		r.recording = map[session.Who]time.Time{}
	}
	if r.recording[who].IsZero() {
		r.recording[who] = r.Now()
	}
	return r.silent
}

// Stop implements hub.Recorder.
func (r *FakeRecorder) Stop(_ context.Context, _ session.ID, who session.Who) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.recording, who)
	return r.silent
}

// Progress implements hub.Recorder.
func (r *FakeRecorder) Progress(context.Context, session.ID) ([]hub.RecordingProgress, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []hub.RecordingProgress
	for w := range r.recording {
		until := r.Now()
		if !r.frozen.IsZero() && r.frozen.Before(until) {
			until = r.frozen
		}
		out = append(out, hub.RecordingProgress{Who: w, Recording: true, ConfirmedUntil: until, Stalled: r.stalled != "", Why: r.stalled})
	}
	return out, r.silent
}

// Stored implements hub.Recorder.
func (r *FakeRecorder) Stored(_ context.Context, _ session.ID, after []hub.RecordedTrack) ([]hub.RecordedTrack, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []hub.RecordedTrack
	for _, t := range r.stored {
		last := 0
		for _, a := range after {
			if a.Who == t.Who && a.Lane == t.Lane && len(a.Segments) > 0 {
				last = a.Segments[len(a.Segments)-1].N
			}
		}
		t.Segments = slices.DeleteFunc(slices.Clone(t.Segments), func(s hub.RecordedSegment) bool { return s.N <= last })
		out = append(out, t)
	}
	return out, r.silent
}

// Finish implements hub.Recorder.
func (r *FakeRecorder) Finish(context.Context, session.ID) ([]hub.RecordedFile, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.files, true, r.silent
}

// Stall lets the recorder tell that it stalls, or with "" no more.
func (r *FakeRecorder) Stall(why string) { r.change(func() { r.stalled = why }) }

// Freeze lets it confirm nothing after a moment, without telling; zero ends that.
func (r *FakeRecorder) Freeze(at time.Time) { r.change(func() { r.frozen = at }) }

// Silence lets it answer with an error, or with nil answer again.
func (r *FakeRecorder) Silence(err error) { r.change(func() { r.silent = err }) }

// Store adds a segment of somebody, as if it had been recorded.
func (r *FakeRecorder) Store(who session.Who, s hub.RecordedSegment) {
	r.change(func() {
		for i := range r.stored {
			if r.stored[i].Who == who {
				r.stored[i].Segments = append(slices.Clip(r.stored[i].Segments), s)
				return
			}
		}
		r.stored = append(r.stored, hub.RecordedTrack{Who: who, Lane: "person", Segments: []hub.RecordedSegment{s}})
	})
}

// Finished says which playable files there are.
func (r *FakeRecorder) Finished(files ...hub.RecordedFile) { r.change(func() { r.files = files }) }

// Recording lists who is recorded now.
func (r *FakeRecorder) Recording() []session.Who {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []session.Who
	for w := range r.recording {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

func (r *FakeRecorder) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// FakeRooms stands for the rooms of package video: it notes where everybody is.
type FakeRooms struct {
	mu     sync.Mutex
	at     map[session.Who]hub.RoomID
	may    map[session.Who]session.May
	locked bool
	closed []hub.RoomID
}

func (f *FakeRooms) set(who session.Who, room hub.RoomID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == nil {
		f.at, f.may = map[session.Who]hub.RoomID{}, map[session.Who]session.May{}
	}
	if room == "" {
		delete(f.at, who)
		delete(f.may, who)
	} else {
		f.at[who] = room
	}
	return nil
}

// Admit implements hub.Rooms.
func (f *FakeRooms) Admit(_ context.Context, room hub.RoomID, who session.Who) error {
	return f.set(who, room)
}

// Remove implements hub.Rooms.
func (f *FakeRooms) Remove(_ context.Context, _ hub.RoomID, who session.Who) error {
	return f.set(who, "")
}

// Move implements hub.Rooms.
func (f *FakeRooms) Move(_ context.Context, _ hub.RoomID, who session.Who, to hub.RoomID) error {
	return f.set(who, to)
}

// Allow implements hub.Rooms.
func (f *FakeRooms) Allow(_ context.Context, _ hub.RoomID, who session.Who, may session.May) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.may[who] = may
	return nil
}

// Lock implements hub.Rooms.
func (f *FakeRooms) Lock(_ context.Context, _ hub.RoomID, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.locked = on
	return nil
}

// Close implements hub.Rooms.
func (f *FakeRooms) Close(_ context.Context, room hub.RoomID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = append(f.closed, room)
	clear(f.at)
	return nil
}

// At is the room somebody is in, "" for none; May is what he may do there.
func (f *FakeRooms) At(who session.Who) (hub.RoomID, session.May) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at[who], f.may[who]
}

// Locked tells whether the door is locked, and Closed which rooms were closed.
func (f *FakeRooms) Locked() (locked bool, closed []hub.RoomID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.locked, slices.Clone(f.closed)
}

// Staff puts the officers of the test hub into the directory.
func (h *Hub) Staff(t testing.TB) {
	t.Helper()
	for _, a := range []hub.Actor{Clerk(), Reviewer(), Second(), Supervisor()} {
		p := hub.Person{ID: a.Person, Login: string(a.Person), NameZH: "甲" + string(a.Person), NameEN: string(a.Person), Agency: a.Agency, Roles: a.Roles}
		if err := h.Directory.SavePerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

// Supervisor watches at the registry.
func Supervisor() hub.Actor {
	return hub.Actor{Person: "p-supervisor", Agency: Registry, Roles: []hub.Role{hub.Supervisor}}
}

// Appointment is a wish for half an hour on the second working day from now, at
// ten in the morning in China: the reviewer, the seller, the buyer, the clerk
// and another reviewer.
func (h *Hub) Appointment() hub.SessionWish {
	office := h.Calendar.Office(string(Registry))
	due, _ := office.Add(h.Now(), 2)
	opens, _ := office.Hours(due)
	from := opens.Add(time.Hour)
	return hub.SessionWish{
		From: from, To: from.Add(30 * time.Minute), Window: "3号窗口",
		People: []hub.SeatWish{
			{Role: session.Host, Person: Reviewer().Person},
			{Role: session.Applicant, Party: 1, Told: "phone"},
			{Role: session.Applicant, Party: 2, Told: "message"},
			{Role: session.Clerk, Person: Clerk().Person},
			{Role: session.Reviewer, Person: Second().Person},
		},
	}
}

// Until sets the clock to a moment.
func (c *Clock) Until(at time.Time) { c.Advance(at.Sub(c.Now())) }
