package api

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

var braces = regexp.MustCompile(`\{\w+\}`)

// conforms holds an answer to its description: every test that asks is one.
func (s *site) conforms(method, address string, a answer) {
	s.t.Helper()
	path, _, _ := strings.Cut(address, "?")
	for _, op := range operations(s.server.api.OpenAPI()) {
		if op.Method != method || !regexp.MustCompile("^"+braces.ReplaceAllString(op.Path, "[^/]+")+"$").MatchString(path) {
			continue
		}
		if strings.HasSuffix(path, ".yaml") != strings.HasSuffix(op.Path, ".yaml") { // {version} fits both
			continue
		}
		described, ok := op.Responses[strconv.Itoa(a.status)]
		if !ok {
			described = op.Responses["default"]
		}
		mediaType, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
		content, ok := described.Content[mediaType]
		if !ok {
			if _, bytes := described.Content["*/*"]; !bytes && len(a.body) > 0 {
				s.t.Errorf("%s %s: %d as %q is not described", method, path, a.status, mediaType)
			}
			return
		}
		if !strings.HasSuffix(mediaType, "json") {
			return
		}
		var v any
		if err := json.Unmarshal(a.body, &v); err != nil {
			s.t.Errorf("%s %s: %v", method, path, err)
			return
		}
		var found huma.ValidateResult
		huma.Validate(s.server.api.OpenAPI().Components.Schemas, content.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &found)
		for _, err := range found.Errors {
			s.t.Errorf("%s %s: the answer is not as described: %v", method, path, err)
		}
		return
	}
}
