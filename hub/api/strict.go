package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tongban/hub"
)

// useHuma sets what huma keeps for the whole process: how errors look and that
// the case of names matters. huma has no setting per API for these.
var useHuma = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError {
		return &Problem{Status: status, Code: string(codeOf(status))}
	}
	huma.NewErrorWithContext = func(hctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		s, ok := hctx.Context().Value(serverKey{}).(*Server)
		if !ok {
			return huma.NewError(status, msg, errs...)
		}
		return s.humaProblem(hctx, status, msg, errs)
	}
})

// serverKey finds the server behind a request, since huma's errors are made by
// a function of the whole process.
type serverKey struct{}

// strictFormat is JSON that refuses what encoding/json lets pass: names given
// twice, names in another case, bytes after the end, broken UTF-8.
func strictFormat() huma.Format {
	f := huma.DefaultJSONFormat
	f.Unmarshal = func(b []byte, v any) error {
		err := json.Unmarshal(b, v)
		if err == nil {
			return nil
		}
		// huma passes only the text on; see jsonField.
		reason, at := "syntax", ""
		if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
			at = string(e.JSONPointer)
			if errors.Is(e, jsontext.ErrDuplicateName) {
				reason = "duplicate_key"
			}
		}
		if e, ok := errors.AsType[*json.SemanticError](err); ok {
			reason, at = "type", string(e.JSONPointer)
		}
		return fmt.Errorf("%s%s %s", jsonMark, reason, at)
	}
	return f
}

const jsonMark = "json: "

// humaProblem turns what huma found wrong into our problem. Values are never
// shown: they may be personal.
func (s *Server) humaProblem(hctx huma.Context, status int, msg string, errs []error) *Problem {
	ctx := hctx.Context()
	switch {
	case msg == "cannot read request body", status == http.StatusRequestTimeout:
		// Broken chunks, or a client that went away or stalled.
		status = http.StatusBadRequest
	case status >= http.StatusInternalServerError:
		err := errors.Join(errs...)
		p := s.problem(ctx, err)
		if err == nil {
			p = s.newProblem(ctx, status, hub.Internal, "", nil)
		}
		s.logFailure(ctx, p, err)
		return p
	}
	var fields []FieldError
	for _, err := range errs {
		if p, ok := errors.AsType[*Problem](err); ok {
			return p
		}
		if d, ok := err.(huma.ErrorDetailer); ok {
			fields = append(fields, fieldOf(d.ErrorDetail()))
		}
	}
	p := s.newProblem(ctx, status, codeOf(status), "", fields)
	s.problemHeaders(p, hctx.SetHeader)
	return p
}

// fieldOf reads huma's location ("body.parties[0].name") and message.
func fieldOf(d *huma.ErrorDetail) FieldError {
	in, rest, _ := strings.Cut(d.Location, ".")
	f := FieldError{In: in, Code: reasonOf(d.Message), Message: d.Message}
	if in != "query" && in != "path" && in != "header" {
		f.In = "body"
	}
	if rest != "" {
		f.Pointer = "/" + strings.NewReplacer("~", "~0", "/", "~1", "].", "/", ".", "/", "[", "/", "]", "").Replace(rest)
	}
	if text, ok := strings.CutPrefix(d.Message, jsonMark); ok {
		f.Code, f.Pointer, _ = strings.Cut(text, " ")
		f.Message = ""
	}
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		f.Pointer += "/" + name
	}
	return f
}

// reasonOf names the stable reason behind huma's English text. A test holds
// the texts, so that a new release of huma cannot change them unseen.
func reasonOf(message string) string {
	starts := func(format string) bool {
		fixed, _, _ := strings.Cut(format, "%")
		return strings.HasPrefix(message, fixed)
	}
	for _, m := range []struct{ format, reason string }{
		{validation.MsgUnexpectedProperty, "unknown_field"},
		{"unknown query parameter", "unknown_field"},
		{validation.MsgExpectedRequiredProperty, "required"},
		{"required ", "required"},
		{validation.MsgExpectedOneOf, "unknown"},
		{validation.MsgExpectedMinLength, "length"},
		{validation.MsgExpectedMaxLength, "length"},
		{validation.MsgExpectedMinItems, "count"},
		{validation.MsgExpectedMaxItems, "count"},
		{validation.MsgExpectedMinProperties, "count"},
		{validation.MsgExpectedMaxProperties, "count"},
		{validation.MsgExpectedMinimumNumber, "range"},
		{validation.MsgExpectedMaximumNumber, "range"},
		{validation.MsgExpectedRFC3339Date, "date"},
		{validation.MsgExpectedMatchPattern, "format"},
		{validation.MsgExpectedBePattern, "format"},
		{validation.MsgExpectedBoolean, "type"},
		{validation.MsgExpectedInteger, "type"},
		{validation.MsgExpectedNumber, "type"},
		{validation.MsgExpectedString, "type"},
		{validation.MsgExpectedArray, "type"},
		{validation.MsgExpectedObject, "type"},
		{validation.MsgExpectedMatchAtLeastOneSchema, "type"},
		{validation.MsgExpectedMatchExactlyOneSchema, "type"},
		{"invalid ", "type"},
	} {
		if starts(m.format) {
			return m.reason
		}
	}
	return "invalid"
}
