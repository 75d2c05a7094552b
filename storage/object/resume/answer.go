package resume

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"tongban/hub"
)

// answer passes a good answer of tusd on and keeps a refusal back, so that it
// can be told in our own words.
type answer struct {
	http.ResponseWriter
	x      *exchange
	failed int          // status of a refusal
	text   bytes.Buffer // what tusd says of it
	wrote  bool
}

// Unwrap lets [http.ResponseController] reach the deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) {
	if a.wrote {
		return
	}
	a.wrote = true
	if status >= http.StatusBadRequest {
		a.failed = status
		return
	}
	h := a.Header()
	h.Del("Content-Length") // tusd gives the file's, which no answer here has
	if at := h.Get("Location"); at != "" {
		h.Set("Location", at[strings.LastIndexByte(at, '/')+1:])
	}
	if ext := h.Get("Tus-Extension"); ext != "" {
		h.Set("Tus-Extension", ext+",expiration")
	}
	if u := a.x.upload; u != nil {
		describe(h, u)
	}
	a.ResponseWriter.WriteHeader(status)
}

// describe adds what the core of the protocol does not tell.
func describe(h http.Header, u *hub.OpenUpload) {
	h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	if !u.Done() {
		return
	}
	if sum, err := hex.DecodeString(u.File.Hex()); err == nil {
		h.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":")
	}
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.failed != 0 {
		return a.text.Write(p)
	}
	return a.ResponseWriter.Write(p)
}

// refusal says in our words what tusd, or the store below it, refused.
func (a *answer) refusal() (status int, err error) {
	for name := range a.Header() {
		if strings.HasPrefix(name, "Upload-") || name == "Location" || name == "Allow" || name == "Content-Type" || name == "Content-Length" {
			a.Header().Del(name)
		}
	}
	if err := a.x.err; err != nil {
		if a.failed == http.StatusLocked {
			return a.failed, err
		}
		return 0, err
	}
	code, _, _ := strings.Cut(a.text.String(), ":")
	switch code {
	case "ERR_UPLOAD_INTERRUPTED":
		return 0, hub.E(hub.Conflict, "another request has taken this upload over")
	case "ERR_READ_TIMEOUT", "ERR_CONNECTION_RESET", "ERR_UNEXPECTED_EOF":
		// A conflict is what makes clients ask where to go on.
		return http.StatusConflict, hub.E(hub.UploadTruncated, "the request broke off; ask for the offset and go on from there")
	case "ERR_NOT_IMPLEMENTED":
		return http.StatusBadRequest, hub.E(hub.BadRequest, "the length of the file must be known at its creation")
	}
	switch a.failed {
	case http.StatusNotFound:
		return 0, hub.E(hub.NotFound, "no such upload")
	case http.StatusConflict:
		return 0, hub.E(hub.Conflict, "the upload stands at another offset; ask for it and go on from there")
	case http.StatusPreconditionFailed:
		return a.failed, hub.E(hub.BadRequest, "Tus-Resumable must be 1.0.0")
	case http.StatusRequestEntityTooLarge:
		return 0, hub.E(hub.TooLarge, "more bytes than the limit, or than the upload was created for")
	case http.StatusMethodNotAllowed:
		return a.failed, hub.E(hub.BadRequest, "there is no such method here")
	case http.StatusInternalServerError:
		return 0, hub.E(hub.Internal, "resumable upload: %s", code)
	}
	return 0, hub.E(hub.BadRequest, "the headers of the upload cannot be read: %s", words(code))
}

// words makes "ERR_INVALID_OFFSET" readable.
func words(code string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(code, "ERR_"), "_", " "))
}
