package session

import "errors"

// Reason is the stable kind of an [Error]. The list is closed.
type Reason string

// The reasons.
const (
	UnknownPerson Reason = "unknown_person" // nobody of that id takes part
	NotNow        Reason = "not_now"        // the session is not at that step
	NotYours      Reason = "not_yours"      // the role does not allow it
	NotThere      Reason = "not_there"      // the person is not where this begins: not waiting, not admitted, …
	IsLocked      Reason = "locked"         // nobody is admitted to a locked session
	NoConsent     Reason = "no_consent"     // who has not consented does not enter
	NoHost        Reason = "no_host"        // the host is not in the room
	NobodyThere   Reason = "nobody_there"   // no party is in the room
	InPrivate     Reason = "in_private"     // people talk in private: call them back first
	NotTogether   Reason = "not_together"   // these people may not talk in private
	HostIsThere   Reason = "host_is_there"  // the host's place is not free
	Malformed     Reason = "malformed"      // a message, a mark, a stroke or a time that is not readable
)

// Error is the one error of this package. It holds nothing personal.
type Error struct {
	Reason  Reason
	At      string // which part of the input, as a JSON pointer; may be empty
	Message string // English
}

func (e *Error) Error() string { return "session: " + string(e.Reason) + ": " + e.Message }

// ReasonOf is the reason of an error, "" when it is none of this package.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

func fail(r Reason, message string) error { return &Error{Reason: r, Message: message} }

func malformed(at, message string) error { return &Error{Reason: Malformed, At: at, Message: message} }
