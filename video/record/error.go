package record

// Reason is the stable kind of an [Error]. The list is closed.
type Reason string

// The reasons.
const (
	ReasonInvalid  Reason = "invalid" // the configuration or an argument
	ReasonExists   Reason = "exists"  // there is a recording under this prefix: Resume it
	ReasonClosed   Reason = "closed"  // the recorder has ended
	ReasonFull     Reason = "full"    // the inbox is full
	ReasonStorage  Reason = "storage" // the sink refused, or did not answer
	ReasonNothing  Reason = "nothing" // there is no segment to make a file of
	ReasonCorrupt  Reason = "corrupt" // a stored object is not what was written
	ReasonBroken   Reason = "broken"  // the segments do not follow one another
	ReasonMissing  Reason = "missing" // a segment the caller knows of is not there
	ReasonHash     Reason = "hash"    // a hash function nobody gave
	ReasonTooLarge Reason = "too_large"
)

// Error is the error of this package. Key names the object or setting; nothing
// in it is personal.
type Error struct {
	Reason Reason
	Key    string
	Err    error
}

func (e *Error) Error() string {
	s := "recording: " + string(e.Reason)
	if e.Key != "" {
		s += " " + e.Key
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches another *Error by reason.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Reason == e.Reason
}

func fail(r Reason, key string, err error) error { return &Error{Reason: r, Key: key, Err: err} }
