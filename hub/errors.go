package hub

import (
	"errors"
	"fmt"
)

// Code is the stable, machine-readable kind of an error. The list is closed:
// clients, translations and the web desk key on it.
type Code string

// The codes of the case service and its ports. Comments name the HTTP status
// that hub/api gives them.
const (
	Invalid            Code = "invalid"             // 422: the content breaks a rule; Fields says where
	BadRequest         Code = "bad_request"         // 400: not even readable
	Unauthenticated    Code = "unauthenticated"     // 401
	Forbidden          Code = "forbidden"           // 403: known, but not for this role
	NotFound           Code = "not_found"           // 404: also for what the caller may not know exists
	Conflict           Code = "conflict"            // 409: somebody else was first; load again
	WrongState         Code = "wrong_state"         // 409: the case is not at that step
	CaseFrozen         Code = "case_frozen"         // 409: an offer is open; custody is in question
	NotCustodian       Code = "not_custodian"       // 409: another agency holds the case
	CommandReused      Code = "command_reused"      // 422: same idempotency key, other content
	StaleVersion       Code = "stale_version"       // 412: If-Match names an older version
	SamePerson         Code = "same_person"         // 403: separation of duty
	OwnCase            Code = "own_case"            // 403: the actor is a party of the case
	SecondRound        Code = "second_round"        // 422: a second supplement needs a supervisor's reason
	MissingMaterial    Code = "missing_material"    // 422: a required slot is empty
	MissingStep        Code = "missing_step"        // 422: a step of the standard is still to be done
	RegisterObstacle   Code = "register_obstacle"   // 409: the register's state stands against it; Fields say what
	RivalCase          Code = "rival_case"          // 409: an open case is about the same unit; Fields say which
	MissingGlyph       Code = "missing_glyph"       // 422: no font can print a character; Args says which
	UnknownItem        Code = "unknown_item"        // 422
	UnknownPlace       Code = "unknown_place"       // 422: no division has that code
	AmbiguousSuccessor Code = "ambiguous_successor" // 422: the place was split; choose one
	NoAgency           Code = "no_agency"           // 422: nobody is responsible
	AgencyClosed       Code = "closed"              // 422: the responsible office has closed
	NotDelivered       Code = "not_delivered"       // 409: the offer has not been verified here yet
	SlotTaken          Code = "slot_taken"          // 409: the reviewer, the window or the room has another appointment then
	SessionState       Code = "session_state"       // 409: the session, or the person in it, is not at that step; Fields say why
	SessionLocked      Code = "session_locked"      // 409: nobody is admitted
	ConsentMissing     Code = "consent_missing"     // 409: notice, declaration and recording are agreed to first
	RecordingStalled   Code = "recording_stalled"   // 409: the formal part needs a recording that is confirmed
	TooLarge           Code = "too_large"           // 413
	WrongType          Code = "wrong_type"          // 415: content sniffed, not by name
	UnsafeContent      Code = "unsafe_content"      // 422: damaged, hostile or two files in one; Fields has the reason
	TooManyPages       Code = "too_many_pages"      // 422
	Encrypted          Code = "encrypted"           // 422: a file that needs a password
	Quarantined        Code = "quarantined"         // 403: the virus scanner found something in it
	NotScanned         Code = "not_scanned"         // 409: not found clean yet, and it has to be
	DigestMismatch     Code = "digest_mismatch"     // 422: other bytes than announced
	UploadTruncated    Code = "upload_truncated"    // 400: fewer bytes than announced
	BrokenChain        Code = "broken_chain"        // 500/422: hash, order or signature is wrong
	BadSignature       Code = "bad_signature"       // 422: a message's signature does not verify
	Erased             Code = "erased"              // 410: the case key was destroyed
	SecondFactor       Code = "second_factor"       // 401: the password is right, the code is missing or wrong
	FactorMissing      Code = "factor_missing"      // 403: nothing else before a second factor is set up
	RateLimited        Code = "rate_limited"        // 429
	Locked             Code = "locked"              // 423: sign-in locked for a while
	Unavailable        Code = "unavailable"         // 503: a store did not answer in time
	Internal           Code = "internal"            // 500
)

// Error is the one error type that crosses packages by kind. Message is for
// the user and never holds personal data; Err is for the log and is never
// shown.
type Error struct {
	Code    Code
	Message string
	Fields  []FieldError // which parts of the input are wrong, all at once
	Args    map[string]string
	Err     error
}

// FieldError points at one wrong part of the input.
type FieldError struct {
	Pointer string // JSON pointer into the request, "/form/unit"
	Code    string // stable reason: "required", "check_digit", "unknown_field", …
	Message string // English; the desk translates by Code
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches another *Error by code, so that errors.Is(err, hub.E(hub.NotFound, "")) works.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// E makes an error of a kind with a message for the user.
func E(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of a kind that carries its cause for the log.
func Wrap(code Code, err error, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// InvalidFields tells every wrong field at once, or is nil when there is none.
func InvalidFields(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "the application has gaps", Fields: fields}
}

// FieldsOf are the wrong fields that an error tells.
func FieldsOf(err error) []FieldError {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}

// ErrorCode returns the code of anything: "" for nil, Internal for a foreign error.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}
