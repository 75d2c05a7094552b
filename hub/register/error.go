package register

import (
	"errors"
	"strings"
)

// Reason is the stable kind of an [Error].
type Reason string

// The reasons.
const (
	Refused      Reason = "refused"       // obstacles stand against it; nothing was booked
	Malformed    Reason = "malformed"     // the request or the file is not readable; nothing was booked
	Conflict     Reason = "conflict"      // somebody else was first, again and again; ask again
	NotFound     Reason = "not_found"     // no such booking, unit or certificate
	SourceReused Reason = "source_reused" // the source has booked something else already
	Broken       Reason = "broken"        // the log is not what was written
)

// Error is the one error of this package. It holds nothing personal: ids,
// codes and unit numbers only. Errors of the store that are none of these
// reasons pass through as they are.
type Error struct {
	Reason    Reason
	Message   string     // English, for the log
	Obstacles []Obstacle // with Refused: all of them, those that only warn included
	Err       error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("register: " + string(e.Reason))
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for i, o := range e.Obstacles {
		b.WriteString([]string{": ", ", "}[min(i, 1)] + o.String())
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// ReasonOf is the reason of an error, "" when it is none of this package.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// ObstaclesOf are the obstacles of a refusal.
func ObstaclesOf(err error) []Obstacle {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Obstacles
	}
	return nil
}

// Fail makes an error with a reason. Stores use it for Conflict and NotFound.
func Fail(r Reason, message string) error { return &Error{Reason: r, Message: message} }

func broken(message string, err error) error {
	return &Error{Reason: Broken, Message: message, Err: err}
}
