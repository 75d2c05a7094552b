package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"tongban/hub"
)

// translate turns an error of the driver into one of the hub; nil stays nil.
// The format says what was tried, for the log.
func translate(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*hub.Error](err); ours {
		return err
	}
	err = fmt.Errorf(format+": %w", append(args, err)...)
	switch {
	case errors.Is(err, driver.ErrNoDocuments):
		return hub.Wrap(hub.NotFound, err, "there is no such record")
	case driver.IsDuplicateKeyError(err):
		return hub.Wrap(hub.Conflict, err, "somebody else was first")
	case unanswered(err):
		return hub.Wrap(hub.Unavailable, err, "the document store did not answer in time")
	}
	return err
}

// unanswered tells whether it is unknown what became of the operation, or the
// server could not be asked at all.
func unanswered(err error) bool {
	if driver.IsTimeout(err) || driver.IsNetworkError(err) || errors.Is(err, context.Canceled) ||
		errors.Is(err, driver.ErrClientDisconnected) {
		return true
	}
	if _, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		return true
	}
	if _, ok := errors.AsType[topology.ConnectionError](err); ok {
		return true
	}
	// Written, but not known to last.
	if w, ok := errors.AsType[driver.WriteException](err); ok && w.WriteConcernError != nil {
		return true
	}
	s, ok := errors.AsType[driver.ServerError](err)
	if !ok {
		return false
	}
	if s.HasErrorLabel("RetryableWriteError") || s.HasErrorLabel("TransientTransactionError") {
		return true
	}
	return slices.ContainsFunc(passing(), s.HasErrorCode)
}

// passing lists the server's errors that end by themselves: the retryable ones
// of the drivers' specification, and a write concern that was not met in time.
func passing() []int {
	return []int{
		6,     // HostUnreachable
		7,     // HostNotFound
		50,    // MaxTimeMSExpired
		64,    // WriteConcernFailed
		89,    // NetworkTimeout
		91,    // ShutdownInProgress
		100,   // UnsatisfiableWriteConcern
		134,   // ReadConcernMajorityNotAvailableYet
		189,   // PrimarySteppedDown
		262,   // ExceededTimeLimit
		9001,  // SocketException
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11602, // InterruptedDueToReplStateChange
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
	}
}
