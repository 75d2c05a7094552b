package session

// Source is something a person publishes, as package video names it.
type Source string

// The sources.
const (
	Camera      Source = "camera"
	Mic         Source = "mic"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// May is what somebody may do in the room now.
type May struct {
	Publish  []Source
	Hear     bool // sees and hears the others
	Control  bool // admits, removes, locks, moves and mutes others
	Show     bool // turns the shared material to a page, points at it, marks it
	Point    bool // points at what is shown
	Chat     bool
	Caption  bool // types what was said, as an interpreter
	Ask      bool // raises a hand, asks for help
	Question bool // writes the questioning record
	Identify bool // compares a person with his document
	Sign     bool // confirms and signs on screen
}

var (
	faceAndVoice = []Source{Camera, Mic}
	everything   = []Source{Camera, Mic, Screen, ScreenAudio}
)

// inRoom is what each role may do in an open room.
var inRoom = map[Role]May{
	Host:        {Publish: everything, Hear: true, Control: true, Show: true, Point: true, Chat: true, Question: true, Identify: true, Sign: true},
	Reviewer:    {Publish: everything, Hear: true, Show: true, Point: true, Chat: true, Ask: true, Question: true, Identify: true, Sign: true},
	Clerk:       {Publish: everything, Hear: true, Show: true, Point: true, Chat: true, Ask: true, Question: true, Identify: true, Sign: true},
	Applicant:   {Publish: faceAndVoice, Hear: true, Point: true, Chat: true, Ask: true, Sign: true},
	Agent:       {Publish: everything, Hear: true, Point: true, Chat: true, Ask: true, Sign: true},
	Interpreter: {Publish: faceAndVoice, Hear: true, Chat: true, Caption: true, Ask: true, Sign: true},
	Institution: {Publish: faceAndVoice, Hear: true, Point: true, Chat: true, Ask: true, Sign: true},
	Observer:    {Hear: true},
}

// May tells what somebody may do now. At the door he may ask for help; in a
// private talk he sees and hears only those in it; while the formal part stands
// still nothing is asked, compared or signed.
func (s *Session) May(w Who) May {
	p := s.Person(w)
	if p == nil || s.State.Over() {
		return May{}
	}
	switch p.Here {
	case AtDoor, Testing:
		return May{Ask: true}
	case Consulting:
		if !s.State.Live() {
			return May{}
		}
		return May{Publish: faceAndVoice, Hear: true, Chat: true, Ask: true}
	case Admitted:
		if !s.State.Live() {
			return May{}
		}
		m := inRoom[p.Role]
		if s.State != Formal {
			m.Question, m.Identify, m.Sign = false, false, false
		}
		return m
	}
	return May{}
}
