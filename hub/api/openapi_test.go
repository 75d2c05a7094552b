package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/validation"

	"tongban/hub"
)

var update = flag.Bool("update", false, "write testdata/openapi.json anew")

// notDescribed are the routes that are no part of the interface.
var notDescribed = []string{"GET /openapi.json", "GET /metrics", "GET /*"}

func TestTheDescriptionAndTheRoutesAgree(t *testing.T) {
	s := newSite(t)
	var routes, described []string
	param := regexp.MustCompile(`:(\w+)`)
	for _, r := range s.server.App().GetRoutes(true) { // without middleware
		if r.Method != "HEAD" || strings.HasPrefix(r.Path, tusPath) { // fiber adds HEAD to every GET
			routes = append(routes, r.Method+" "+param.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	described = append(described, notDescribed...)
	for _, op := range operations(s.server.api.OpenAPI()) {
		described = append(described, op.Method+" "+op.Path)
		if op.Summary == "" || op.OperationID == "" || len(op.Tags) != 1 {
			t.Errorf("%s %s lacks a summary, an id or its one tag", op.Method, op.Path)
		}
		if public := len(op.Security) == 0; public != slices.Contains([]string{"sign-in", "is-alive", "is-ready", "check-paper", "attend-session"}, op.OperationID) {
			t.Errorf("%s: public is %t", op.OperationID, public)
		}
	}
	for _, r := range routes {
		if !slices.Contains(described, r) {
			t.Errorf("%s is served and not described", r)
		}
	}
	for _, d := range described {
		if !slices.Contains(routes, d) {
			t.Errorf("%s is described and not served", d)
		}
	}
}

// Clients are generated from the snapshot: a change of the interface is a change of this file.
func TestTheWrittenDescriptionIsInStep(t *testing.T) {
	s := newSite(t)
	var got bytes.Buffer
	if err := json.Indent(&got, s.server.OpenAPI(), "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	const name = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(name, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the interface has changed (%v): go test ./hub/api -run Description -update, and look at the difference", err)
	}
	if !strings.Contains(got.String(), `"openapi": "3.1.0"`) || strings.Contains(got.String(), "unpkg") {
		t.Error("not OpenAPI 3.1, or a third party is named")
	}
}

// codesOf reads the constants of a type out of a source file of ours.
func codesOf(t *testing.T, file, typeName string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == typeName && len(v.Values) == 1 {
				text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, text)
			}
		}
		return true
	})
	if len(found) < 5 {
		t.Fatalf("%s: only %d constants of %s", file, len(found), typeName)
	}
	return found
}

func TestEveryCodeHasAStatusAndWordsInBothLanguages(t *testing.T) {
	catalogues, err := loadCatalogues()
	if err != nil {
		t.Fatal(err)
	}
	codes := codesOf(t, "../errors.go", "Code")
	for _, code := range codes {
		if statuses[hub.Code(code)] == 0 {
			t.Errorf("%s has no status", code)
		}
		for lang, c := range catalogues {
			if w := c.Codes[hub.Code(code)]; w.Title == "" || w.Detail == "" {
				t.Errorf("%s has no words in %s", code, lang)
			}
		}
	}
	for lang, c := range catalogues {
		for code := range c.Codes {
			if !slices.Contains(codes, string(code)) {
				t.Errorf("%s: there is no code %s", lang, code)
			}
		}
		for _, reason := range codesOf(t, "../code/error.go", "Reason") {
			if c.Fields[reason] == "" {
				t.Errorf("%s: reason %s has no words", lang, reason)
			}
		}
		for reason := range c.Fields {
			if catalogues["en"].Fields[reason] == "" || catalogues["zh-CN"].Fields[reason] == "" {
				t.Errorf("%s is in one language only", reason)
			}
		}
	}
	if len(statuses) != len(codes) {
		t.Errorf("%d statuses for %d codes", len(statuses), len(codes))
	}
}

// The reasons are read from the texts of a library: they must be what they were.
func TestReasonsAreReadFromTheLibrarysTexts(t *testing.T) {
	for text, want := range map[string]string{
		"unexpected property":                           "unknown_field",
		"expected required property name to be present": "required",
		"required query parameter is missing":           "required",
		"expected value to be one of \"a, b\"":          "unknown",
		"expected length >= 1":                          "length",
		"expected length <= 10":                         "length",
		"expected array length <= 100":                  "count",
		"expected number <= 100":                        "range",
		"expected string to match pattern ^a$":          "format",
		"expected string to be RFC 3339 date":           "date",
		"expected boolean":                              "type",
		"unknown query parameter":                       "unknown_field",
		"something new":                                 "invalid",
		validation.MsgExpectedMatchExactlyOneSchema:     "type",
		"invalid integer":                               "type",
		"expected object with at most 200 properties":   "count",
		"expected array length >= 1":                    "count",
		validation.MsgExpectedString:                    "type",
		validation.MsgExpectedArray:                     "type",
		"expected string to be base64 encoded":          "format",
	} {
		if got := reasonOf(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
