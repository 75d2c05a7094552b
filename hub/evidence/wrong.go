package evidence

import (
	"errors"
	"fmt"

	"tongban/hub"
)

// Wrong is the first thing in a bundle that is wrong. Item is the name of the
// file in the bundle, or "ZIP" for the container around the files.
type Wrong struct {
	Item   string
	Reason string
	Err    error // the cause, when there is one
}

func (w *Wrong) Error() string { return w.Item + ": " + w.Reason }

func (w *Wrong) Unwrap() error { return w.Err }

func wrong(item, format string, args ...any) error {
	return &Wrong{Item: item, Reason: fmt.Sprintf(format, args...)}
}

// wrongBecause names an item with the reason of a check. Other errors than a
// check's (a cancelled context) pass as they are.
func wrongBecause(item string, err error) error {
	if _, ok := errors.AsType[*Wrong](err); ok {
		return err
	}
	e, ok := errors.AsType[*hub.Error](err)
	if !ok {
		return err
	}
	reason := e.Message
	if cause := e.Err; cause != nil {
		reason += ": " + cause.Error()
	}
	return &Wrong{Item: item, Reason: reason, Err: err}
}
