package hub

import (
	"fmt"

	"tongban/hub/session"
)

// SessionFile is a file that a video session gave: a still of the identity
// step, a signature on a screen, the sealed questioning record, what was
// written, a segment of the recording. Parts name it below its session.
type SessionFile struct {
	Session session.ID
	Parts   []string
	File    File
	Segment bool
}

// SessionFiles lists every file of the case's sessions, as the chain names them.
// The playable recordings are not among them: they are made of the segments.
func (c *Case) SessionFiles() []SessionFile {
	var out []SessionFile
	for i := range c.Sessions {
		x := &c.Sessions[i]
		add := func(f File, parts ...string) { out = append(out, SessionFile{Session: x.ID, Parts: parts, File: f}) }
		for n, k := range x.Identities {
			if k.Still != nil {
				add(*k.Still, fmt.Sprintf("identity-%d-%s", n+1, k.Who))
			}
		}
		for n, k := range x.Signed {
			add(k.Signature, fmt.Sprintf("signature-%d-%s", n+1, k.Who))
		}
		for n, k := range x.Kept {
			add(k.File, fmt.Sprintf("%s-%d", k.What, n+1))
		}
		for n, q := range c.Questioned {
			if q.Session == nil || q.Session.Session != x.ID {
				continue
			}
			add(q.Session.Record, fmt.Sprintf("record-%d", n+1))
			for _, k := range q.Session.Confirmed {
				add(k.Signature, fmt.Sprintf("record-%d-%s", n+1, k.Who))
			}
		}
		for _, t := range x.Tracks {
			for _, g := range t.Segments {
				out = append(out, SessionFile{x.ID, []string{string(t.Who), t.Lane, fmt.Sprintf("%06d", g.N)}, g.File, true})
			}
		}
	}
	return out
}

// RecordingFormat opens the list of a session's recording.
const RecordingFormat = "tongban.recording/1"

// RecordingList is the readable list of what was recorded in a session, as the
// chain says it: every segment with its digest and time, every gap with its
// reason, and the digests of the playable files made of them. Nil for none.
func (s *Session) RecordingList() ([]byte, error) {
	if len(s.Tracks)+len(s.Files) == 0 {
		return nil, nil
	}
	return Marshal(struct {
		V       string          `json:"v"`
		Session session.ID      `json:"session"`
		Tracks  []RecordedTrack `json:"tracks"`
		Files   []RecordedFile  `json:"files"`
	}{RecordingFormat, s.ID, s.Tracks, s.Files})
}
