package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

// Problem is an RFC 9457 problem document with our stable code.
type Problem struct {
	Type      string       `json:"type" format:"uri" doc:"urn:tongban:problem: and the code"`
	Title     string       `json:"title" doc:"in the language asked for"`
	Status    int          `json:"status"`
	Code      string       `json:"code" doc:"stable machine code"`
	Detail    string       `json:"detail,omitempty"`
	RequestID string       `json:"request_id,omitempty"`
	Errors    []FieldError `json:"errors,omitempty" nullable:"false" doc:"every wrong part of the input at once"`

	code hub.Code
}

// FieldError names one wrong part of the input.
type FieldError struct {
	In      string `json:"in" enum:"body,query,path,header" doc:"which part of the request"`
	Pointer string `json:"pointer" doc:"JSON pointer into that part"`
	Code    string `json:"code" doc:"stable reason"`
	Message string `json:"message"`
	Line    int    `json:"line,omitempty" doc:"of a file that was sent"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma the media type.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// statuses is the one table from codes to HTTP.
var statuses = map[hub.Code]int{
	hub.Invalid: 422, hub.BadRequest: 400, hub.Unauthenticated: 401, hub.Forbidden: 403, hub.NotFound: 404,
	hub.Conflict: 409, hub.WrongState: 409, hub.CaseFrozen: 409, hub.NotCustodian: 409, hub.CommandReused: 422,
	hub.StaleVersion: 412, hub.SamePerson: 403, hub.OwnCase: 403, hub.SecondRound: 422, hub.MissingMaterial: 422,
	hub.MissingStep: 422, hub.MissingGlyph: 422, hub.RegisterObstacle: 409, hub.RivalCase: 409,
	hub.UnknownItem: 422, hub.UnknownPlace: 422, hub.AmbiguousSuccessor: 422, hub.NoAgency: 422, hub.AgencyClosed: 422,
	hub.NotDelivered: 409, hub.TooLarge: 413, hub.WrongType: 415, hub.DigestMismatch: 422, hub.UploadTruncated: 400,
	hub.BrokenChain: 500, hub.BadSignature: 422, hub.Erased: 410, hub.RateLimited: 429, hub.Locked: 423, hub.SecondFactor: 401, hub.FactorMissing: 403,
	hub.UnsafeContent: 422, hub.TooManyPages: 422, hub.Encrypted: 422, hub.Quarantined: 403, hub.NotScanned: 409,
	hub.SlotTaken: 409, hub.SessionState: 409, hub.SessionLocked: 409, hub.ConsentMissing: 409, hub.RecordingStalled: 409,
	hub.Unavailable: 503, hub.Internal: 500,
}

// codeOf names what a bare HTTP status means here.
func codeOf(status int) hub.Code {
	switch status {
	case http.StatusUnprocessableEntity:
		return hub.Invalid
	case http.StatusUnauthorized:
		return hub.Unauthenticated
	case http.StatusForbidden:
		return hub.Forbidden
	case http.StatusNotFound:
		return hub.NotFound
	case http.StatusRequestEntityTooLarge:
		return hub.TooLarge
	case http.StatusUnsupportedMediaType:
		return hub.WrongType
	case http.StatusTooManyRequests:
		return hub.RateLimited
	case http.StatusServiceUnavailable:
		return hub.Unavailable
	}
	if status >= http.StatusInternalServerError {
		return hub.Internal
	}
	return hub.BadRequest
}

// problem makes the document for an error, in the language of the request. It
// never shows what the error holds for the log.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		return s.newProblem(ctx, e.Code, codeOf(e.Code), "", nil)
	}
	if errors.Is(err, context.DeadlineExceeded) && hub.ErrorCode(err) == hub.Internal {
		err = hub.Wrap(hub.Unavailable, err, "")
	}
	code := hub.ErrorCode(err)
	status, known := statuses[code]
	if !known {
		code, status = hub.Internal, http.StatusInternalServerError
	}
	e, ok := errors.AsType[*hub.Error](err)
	if !ok || status == http.StatusInternalServerError {
		return s.newProblem(ctx, status, code, "", nil)
	}
	return s.newProblem(ctx, status, code, e.Message, fieldErrorsOf(ctx, e.Fields))
}

func fieldErrorsOf(ctx context.Context, all []hub.FieldError) []FieldError {
	in := "body"
	if of(ctx).query {
		in = "query"
	}
	return each(all, func(f hub.FieldError) FieldError {
		return FieldError{In: in, Pointer: f.Pointer, Code: f.Code, Message: f.Message}
	})
}

// fieldProblems words field errors in the language of the request.
func (s *Server) fieldProblems(ctx context.Context, in []hub.FieldError) []FieldError {
	return s.newProblem(ctx, http.StatusOK, hub.Invalid, "", fieldErrorsOf(ctx, in)).Errors
}

func (s *Server) newProblem(ctx context.Context, status int, code hub.Code, message string, fields []FieldError) *Problem {
	r := of(ctx)
	c := s.catalogues[r.lang]
	p := &Problem{
		Type: "urn:tongban:problem:" + string(code), Title: c.Codes[code].Title, Status: status, Code: string(code),
		Detail: c.Codes[code].Detail, RequestID: r.id, Errors: fields, code: code,
	}
	if message != "" && r.lang == "en" { // the case service writes English
		p.Detail = message
	}
	for i := range p.Errors {
		f := &p.Errors[i]
		reason, _, _ := strings.Cut(f.Code, "_") // "count_buyer" is a count
		if text := c.Fields[f.Code]; text != "" && (r.lang != "en" || f.Message == "") {
			f.Message = text
		} else if text := c.Fields[reason]; text != "" && (r.lang != "en" || f.Message == "") {
			f.Message = text
		}
	}
	return p
}

// fail answers with a problem and logs once what is for the log.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	ctx := c.UserContext()
	if _, known := ctx.Value(requestKey{}).(*request); !known { // refused before any handler
		r := s.newRequest(c)
		ctx = context.WithValue(ctx, requestKey{}, r)
		s.headers(c, r)
	}
	p := s.problem(ctx, err)
	s.logFailure(ctx, p, err)
	c.Response().ResetBody()
	c.Status(p.Status)
	s.problemHeaders(p, c.Set)
	b, err := hub.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode problem: %w", err)
	}
	c.Set(fiber.HeaderContentType, problemType)
	return c.Send(b)
}

// problemHeaders sets what goes with some problems.
func (s *Server) problemHeaders(p *Problem, set func(name, value string)) {
	switch p.code {
	case hub.Unauthenticated:
		set(fiber.HeaderWWWAuthenticate, `Bearer realm="tongban"`)
	case hub.RateLimited:
		set(fiber.HeaderRetryAfter, "60")
	case hub.Locked:
		set(fiber.HeaderRetryAfter, "900")
	case hub.Unavailable:
		set(fiber.HeaderRetryAfter, strconv.Itoa(2))
	}
}

// logFailure writes one line for what an operator must look at.
func (s *Server) logFailure(ctx context.Context, p *Problem, err error) {
	if p.Status >= http.StatusInternalServerError {
		s.cfg.Logger.ErrorContext(ctx, "request failed", "code", p.Code, "error", err)
	}
}
