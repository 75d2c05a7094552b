package mongospec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// check compares an operation's error with the expected one.
func (x *ErrorExpectation) check(err error, result any, m matcher) error {
	if err == nil {
		return fmt.Errorf("want an error, got result %v", result)
	}
	if x.IsClientError != nil && *x.IsClientError != isClientError(err) {
		return fmt.Errorf("want client error %v, got %w", *x.IsClientError, err)
	}
	if x.Contains != "" && !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(x.Contains)) {
		return fmt.Errorf("want an error with %q, got %w", x.Contains, err)
	}
	if x.Code != nil && !hasCode(err, int(*x.Code)) {
		return fmt.Errorf("want error code %d, got %w", *x.Code, err)
	}
	if x.CodeName != "" && !slices.Contains(codeNames(err), x.CodeName) {
		return fmt.Errorf("want error %s, got %v: %w", x.CodeName, codeNames(err), err)
	}
	labeled, _ := errors.AsType[mongo.LabeledError](err)
	for _, l := range x.LabelsContain {
		if labeled == nil || !labeled.HasErrorLabel(l) {
			return fmt.Errorf("want error label %s on %w", l, err)
		}
	}
	for _, l := range x.LabelsOmit {
		if labeled != nil && labeled.HasErrorLabel(l) {
			return fmt.Errorf("want no error label %s on %w", l, err)
		}
	}
	if x.Response != nil {
		if err := m.match(x.Response, response(err), true, "errorResponse"); err != nil {
			return err
		}
	}
	if x.Result != nil {
		return m.match(x.Result, result, true, "expectResult")
	}
	return nil
}

// isClientError says that the error is not a server's answer.
func isClientError(err error) bool {
	_, server := errors.AsType[mongo.ServerError](err)
	return !server || mongo.IsNetworkError(err)
}

func hasCode(err error, code int) bool {
	se, ok := errors.AsType[mongo.ServerError](err)
	return ok && se.HasErrorCode(code)
}

// codeNames are the names that the server gave, and for write errors the one that
// tests ask for by its code.
func codeNames(err error) []string {
	var names []string
	if ce, ok := errors.AsType[mongo.CommandError](err); ok {
		names = append(names, ce.Name)
	}
	if we, ok := errors.AsType[mongo.WriteException](err); ok {
		if we.WriteConcernError != nil {
			names = append(names, we.WriteConcernError.Name)
		}
		names = append(names, text(response(err), "codeName"))
	}
	return names
}

// response is the server's whole answer, empty when the driver does not keep it.
func response(err error) bson.D {
	var raw bson.Raw
	if ce, ok := errors.AsType[mongo.CommandError](err); ok {
		raw = ce.Raw
	}
	if we, ok := errors.AsType[mongo.WriteException](err); ok {
		raw = we.Raw
	}
	if be, ok := errors.AsType[mongo.BulkWriteException](err); ok && len(be.WriteErrors) > 0 {
		raw = be.WriteErrors[0].Raw
	}
	var doc bson.D
	if len(raw) > 0 {
		if err := bson.Unmarshal(raw, &doc); err != nil {
			doc = bson.D{{Key: "unreadable", Value: err.Error()}}
		}
	}
	return doc
}
