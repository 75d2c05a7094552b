package hub

import (
	"errors"
	"log/slog"
	"time"

	"tongban/hub/clock"
	"tongban/hub/register"
)

// Ports are what the case service stands on. All but the last groups are needed.
type Ports struct {
	Events      EventStore
	Index       CaseIndex
	Outbox      Outbox
	Objects     Objects
	Uploads     Uploads
	Access      AccessLog
	Directory   Directory
	Counters    Counters
	Keys        *Keyring
	Papers      PaperIndex
	Registers   register.Store // of the agencies that keep theirs here
	Policy      Policy
	Router      Router
	Press       Press // makes papers
	Assessor    Assessor
	Preparer    Preparer
	Sessions    SessionStore
	Slots       SlotStore
	Invitations InvitationStore
	Keeper      Keeper

	// Rooms and Recorder are where people meet and are recorded. Without them
	// appointments are made all the same, and no formal part begins.
	Rooms    Rooms
	Recorder Recorder

	Algorithms *Algorithms
	Calendar   *clock.Calendar  // nil is the built-in one
	Now        func() time.Time // nil is the wall clock
	Logger     *slog.Logger
	// Fault is called at named points of a command, so that a test can stop
	// the process there. Nil in the product.
	Fault func(point string)
}

// NewService checks that every port is there.
func NewService(p Ports) (*Service, error) {
	if p.Events == nil || p.Index == nil || p.Outbox == nil || p.Objects == nil || p.Uploads == nil ||
		p.Access == nil || p.Directory == nil || p.Counters == nil || p.Papers == nil || p.Registers == nil || p.Keys == nil || p.Policy == nil ||
		p.Router == nil || p.Press == nil || p.Assessor == nil || p.Preparer == nil || p.Sessions == nil || p.Slots == nil ||
		p.Invitations == nil || p.Keeper == nil || p.Algorithms == nil || p.Logger == nil {
		return nil, errors.New("case service: a port is missing")
	}
	if p.Calendar == nil {
		p.Calendar = clock.Default()
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Fault == nil {
		p.Fault = func(string) {}
	}
	return &Service{
		Ports: p, verify: &Verifier{Algorithms: p.Algorithms, Keys: p.Keys},
		register: newRegister(p.Registers, p.Keys, p.Calendar, p.Now), marks: make(chan []EventRef, maxMarks), awake: make(chan struct{}, 1),
	}, nil
}
