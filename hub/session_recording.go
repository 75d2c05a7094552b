package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tongban/hub/session"
)

// KeepRecording writes down which segments are stored. Only the hub itself may.
type KeepRecording struct {
	Session session.ID
	Tracks  []RecordedTrack
}

// FinishRecording writes down the playable files. Only the hub itself may.
type FinishRecording struct {
	Session session.ID
	Files   []RecordedFile
}

// KeepChat seals what was written in the room.
type KeepChat struct {
	Session session.ID
	Lines   []ChatLine
}

// ChatLine is a line of chat, or a caption.
type ChatLine struct {
	Who  session.Who `json:"who"`
	At   time.Time   `json:"at"`
	Kind string      `json:"kind"` // "chat", "caption"
	Text string      `json:"text"`
}

func (KeepRecording) kind() Kind   { return KindSessionRecorded }
func (FinishRecording) kind() Kind { return KindSessionFinished }
func (KeepChat) kind() Kind        { return KindSessionKept }

// maxSegments bounds one event; what is left comes with the next.
const maxSegments = 400

func (i KeepRecording) decide(_ context.Context, _ *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x := c.Session(i.Session)
	if x == nil || !cmd.machine {
		return nil, nil, E(NotFound, "the case has no such session")
	}
	f := &SessionRecorded{Session: x.ID}
	for _, t := range i.Tracks {
		if x.Now.Person(t.Who) == nil || !slices.Contains([]string{"person", "screen"}, t.Lane) {
			return nil, nil, InvalidFields([]FieldError{{"/tracks", "unknown", "a recording of nobody, or of no lane"}})
		}
		// What an earlier try has written is not written again.
		last := x.lastSegment(t.Who, t.Lane)
		t.Segments = slices.DeleteFunc(slices.Clone(t.Segments), func(s RecordedSegment) bool { return s.N <= last })
		if len(t.Segments) > 0 {
			f.Tracks = append(f.Tracks, t)
		}
	}
	if len(f.Tracks) == 0 {
		return nil, nil, sessionState("nothing_new", nil)
	}
	return f, nil, nil
}

func (i FinishRecording) decide(_ context.Context, _ *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x := c.Session(i.Session)
	switch {
	case x == nil || !cmd.machine:
		return nil, nil, E(NotFound, "the case has no such session")
	case x.Now.State != session.Closed || len(x.Files) > 0 || len(i.Files) == 0:
		return nil, nil, sessionState("nothing_new", nil)
	}
	return &SessionFinished{Session: x.ID, Files: i.Files}, nil, nil
}

func (i KeepChat) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	x := c.Session(i.Session)
	switch {
	case x == nil || !cmd.machine:
		return nil, nil, E(NotFound, "the case has no such session")
	case x.Now.State != session.Closed || len(x.Kept) > 0 || len(i.Lines) == 0:
		return nil, nil, sessionState("nothing_new", nil)
	}
	b, err := Marshal(struct {
		V       string     `json:"v"`
		Case    CaseID     `json:"case"`
		Session session.ID `json:"session"`
		Lines   []ChatLine `json:"lines"`
	}{"tongban.transcript/1", c.ID, x.ID, i.Lines})
	if err != nil {
		return nil, nil, err
	}
	d, err := s.Keeper.Keep(ctx, b)
	if err != nil {
		return nil, nil, fmt.Errorf("keep a transcript: %w", err)
	}
	return &SessionKept{Session: x.ID, What: "chat", File: File{Digest: d, Size: int64(len(b)), Type: "application/json"}}, nil, nil
}

// flush writes what the recorder has stored since the last time into the chain.
func (s *Service) flush(ctx context.Context, row *SessionRow) error {
	for {
		c, _, err := s.load(ctx, row.Case)
		if err != nil {
			return err
		}
		x := c.Session(row.ID)
		if x == nil {
			return E(NotFound, "the case has no such session")
		}
		tracks, err := s.Recorder.Stored(ctx, row.ID, x.Tracks)
		if err != nil {
			return fmt.Errorf("stored segments of session %s: %w", row.ID, err)
		}
		tracks, more := cutTracks(tracks)
		if len(tracks) == 0 {
			return nil
		}
		_, err = s.ExecuteForAgency(ctx, c.Custodian, Command{
			ID: CommandID(fmt.Sprintf("recorded/%s/%d", row.ID, c.Seq+1)), Case: c.ID, Intent: KeepRecording{row.ID, tracks},
		})
		switch {
		case ErrorCode(err) == SessionState: // somebody else has written them
			return nil
		case err != nil || !more:
			return err
		}
	}
}

// cutTracks leaves as much as one event takes.
func cutTracks(all []RecordedTrack) (out []RecordedTrack, more bool) {
	left := maxSegments
	for _, t := range all {
		if len(t.Segments) > left {
			t.Segments, more = t.Segments[:left], true
		}
		left -= len(t.Segments)
		if len(t.Segments) > 0 {
			out = append(out, t)
		}
	}
	return out, more
}
