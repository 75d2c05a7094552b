package video

import (
	"errors"

	"tongban/hub"
)

// Reason is the fine, stable cause inside a hub.Error of this package, beside
// its code: docs/video-protocol.md lists them and clients key on them.
type Reason string

// The reasons of a refusal.
const (
	ReasonTokenInvalid    Reason = "token_invalid" // unauthenticated
	ReasonGrantExpired    Reason = "grant_expired" // unauthenticated
	ReasonVersion         Reason = "version"       // bad_request: another version of the protocol
	ReasonHelloFirst      Reason = "hello_first"   // bad_request: the first message must be hello
	ReasonMessage         Reason = "message"       // bad_request: not a message of the protocol
	ReasonMessageTooLarge Reason = "message_too_large"
	ReasonRate            Reason = "rate"              // rate_limited: too many messages
	ReasonSDP             Reason = "sdp"               // bad_request: not a session description we can answer
	ReasonSDPTooLarge     Reason = "sdp_too_large"     // too_large
	ReasonSDPSections     Reason = "sdp_sections"      // too_large: too many media sections
	ReasonSDPLate         Reason = "sdp_late"          // wrong_state: an answer that nobody waits for
	ReasonDataChannel     Reason = "data_channel"      // forbidden: there are none here
	ReasonCandidate       Reason = "candidate"         // bad_request
	ReasonCandidates      Reason = "candidates"        // too_large: too many of them
	ReasonSource          Reason = "source"            // forbidden: the grant does not name the source
	ReasonSourceTaken     Reason = "source_taken"      // conflict: published already
	ReasonAdmin           Reason = "admin"             // forbidden: only for an admin of the room
	ReasonApp             Reason = "app"               // forbidden: the grant does not name that kind of message
	ReasonWaiting         Reason = "waiting"           // wrong_state: not admitted yet
	ReasonRoomLocked      Reason = "room_locked"       // locked
	ReasonRoomFull        Reason = "room_full"         // unavailable
	ReasonNodeFull        Reason = "node_full"         // unavailable
	ReasonClosing         Reason = "closing"           // unavailable: the node shuts down
	ReasonTaken           Reason = "participant_taken" // conflict: that participant is in the room from elsewhere
	ReasonUnknown         Reason = "unknown"           // not_found: room, participant or publication
	ReasonResume          Reason = "resume"            // not_found: nothing to resume; say hello anew
	ReasonRemoved         Reason = "removed"           // forbidden: an admin removed him
	ReasonRefused         Reason = "refused"           // forbidden: not admitted
	ReasonReplaced        Reason = "replaced"          // conflict: the same participant connected again
	ReasonIdle            Reason = "idle"              // unavailable: nothing heard for too long
	ReasonMedia           Reason = "media"             // unavailable: no connection for media came about, or it was lost
	ReasonFlood           Reason = "flood"             // rate_limited: streams that were never declared
)

const reasonKey = "reason"

func refuse(code hub.Code, reason Reason, message string) error {
	return &hub.Error{Code: code, Message: message, Args: map[string]string{reasonKey: string(reason)}}
}

func refuseWith(code hub.Code, reason Reason, message string, err error) error {
	return &hub.Error{Code: code, Message: message, Args: map[string]string{reasonKey: string(reason)}, Err: err}
}

// ReasonOf returns the reason of an error of this package, or "".
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*hub.Error](err); ok {
		return Reason(e.Args[reasonKey])
	}
	return ""
}

func asError(err error) *hub.Error {
	e, _ := errors.AsType[*hub.Error](err)
	return e
}
