package object

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"

	"tongban/hub"
)

// translate gives a driver's error its code: NotFound, Unavailable when the
// store did not answer or asked to come back later, Internal otherwise. An
// error that has a code already keeps it.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*hub.Error](err); ok {
		return err
	}
	res := minio.ToErrorResponse(err)
	if res.Code == minio.NoSuchKey {
		return hub.Wrap(hub.NotFound, err, "no such file")
	}
	if unanswered(err) || res.StatusCode >= http.StatusInternalServerError {
		return hub.Wrap(hub.Unavailable, err, "the object store does not answer")
	}
	return hub.Wrap(hub.Internal, err, "the object store refused")
}

func unanswered(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}

// taken reports that the key exists: If-None-Match, or another writer of the
// same key in the same moment.
func taken(err error) bool {
	res := minio.ToErrorResponse(err)
	return res.StatusCode == http.StatusPreconditionFailed || res.StatusCode == http.StatusConflict
}
