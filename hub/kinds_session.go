package hub

import "tongban/hub/session"

// The kinds of event of a video session, see kinds.go.
const (
	KindSessionScheduled  Kind = "session.scheduled"
	KindSessionChanged    Kind = "session.changed"
	KindSessionCancelled  Kind = "session.cancelled"
	KindSessionConsented  Kind = "session.consented"
	KindSessionOpened     Kind = "session.opened"
	KindSessionMoved      Kind = "session.moved"
	KindSessionIdentified Kind = "session.identified"
	KindSessionBegun      Kind = "session.begun"
	KindSessionPaused     Kind = "session.paused"
	KindSessionResumed    Kind = "session.resumed"
	KindSessionHosted     Kind = "session.hosted"
	KindSessionSigned     Kind = "session.signed"
	KindSessionRecorded   Kind = "session.recorded"
	KindSessionClosed     Kind = "session.closed"
	KindSessionFinished   Kind = "session.finished"
	KindSessionKept       Kind = "session.kept"
)

// sessionKinds are the rows of a session in kinds.
var sessionKinds = []kindRow{
	{KindSessionScheduled, func() Fact { return &SessionScheduled{} }},
	{KindSessionChanged, func() Fact { return &SessionChanged{} }},
	{KindSessionCancelled, func() Fact { return &SessionCancelled{} }},
	{KindSessionConsented, func() Fact { return &SessionConsented{} }},
	{KindSessionOpened, func() Fact { return &SessionMoved{Did: session.Opened} }},
	{KindSessionMoved, func() Fact { return &SessionMoved{Did: session.Admit} }},
	{KindSessionIdentified, func() Fact { return &SessionIdentified{} }},
	{KindSessionBegun, func() Fact { return &SessionTurned{Did: session.Begin} }},
	{KindSessionPaused, func() Fact { return &SessionTurned{Did: session.Pause} }},
	{KindSessionResumed, func() Fact { return &SessionTurned{Did: session.Resume} }},
	{KindSessionHosted, func() Fact { return &SessionHosted{} }},
	{KindSessionSigned, func() Fact { return &SessionSigned{} }},
	{KindSessionRecorded, func() Fact { return &SessionRecorded{} }},
	{KindSessionClosed, func() Fact { return &SessionTurned{Did: session.Close} }},
	{KindSessionFinished, func() Fact { return &SessionFinished{} }},
	{KindSessionKept, func() Fact { return &SessionKept{} }},
}

func (*SessionScheduled) kind() Kind  { return KindSessionScheduled }
func (*SessionChanged) kind() Kind    { return KindSessionChanged }
func (*SessionCancelled) kind() Kind  { return KindSessionCancelled }
func (*SessionConsented) kind() Kind  { return KindSessionConsented }
func (*SessionIdentified) kind() Kind { return KindSessionIdentified }
func (*SessionHosted) kind() Kind     { return KindSessionHosted }
func (*SessionSigned) kind() Kind     { return KindSessionSigned }
func (*SessionRecorded) kind() Kind   { return KindSessionRecorded }
func (*SessionFinished) kind() Kind   { return KindSessionFinished }
func (*SessionKept) kind() Kind       { return KindSessionKept }
func (f *SessionMoved) kind() Kind {
	if f.Did == session.Opened {
		return KindSessionOpened
	}
	return KindSessionMoved
}

func (f *SessionTurned) kind() Kind { return turnKind(f.Did) }

func turnKind(a session.Act) Kind {
	switch a {
	case session.Begin:
		return KindSessionBegun
	case session.Pause:
		return KindSessionPaused
	case session.Resume:
		return KindSessionResumed
	}
	return KindSessionClosed
}

func (f *SessionScheduled) private() any  { return &f.Private }
func (f *SessionChanged) private() any    { return &f.Private }
func (f *SessionCancelled) private() any  { return &f.Private }
func (f *SessionConsented) private() any  { return &f.Private }
func (f *SessionMoved) private() any      { return &f.Private }
func (f *SessionIdentified) private() any { return &f.Private }
func (f *SessionTurned) private() any     { return &f.Private }
func (f *SessionHosted) private() any     { return &f.Private }
func (f *SessionSigned) private() any     { return &f.Private }
func (f *SessionRecorded) private() any   { return &f.Private }
func (f *SessionFinished) private() any   { return &f.Private }
func (f *SessionKept) private() any       { return &f.Private }
