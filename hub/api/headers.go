package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongban/hub"
)

// parseIfMatch reads the seq out of If-Match: one strong entity tag as we give
// them, or "*" or nothing for any state (0).
func parseIfMatch(h string) (int64, error) {
	if h == "" || h == "*" {
		return 0, nil
	}
	bad := hub.E(hub.BadRequest, `If-Match must be one ETag as this interface gives it, "12"`)
	digits, open := strings.CutPrefix(h, `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	seq, err := strconv.ParseInt(digits, 10, 64)
	if !open || !closed || err != nil || seq < 1 || strconv.FormatInt(seq, 10) != digits {
		return 0, bad
	}
	return seq, nil
}

func etag(seq int64) string { return `"` + strconv.FormatInt(seq, 10) + `"` }

// parseReprDigest reads the SHA-256 out of Repr-Digest (RFC 9530):
// "sha-256=:<base64>:", among other algorithms if need be.
func parseReprDigest(h string) (hub.Digest, error) {
	bad := hub.E(hub.BadRequest, "Repr-Digest must name the SHA-256 of the file once: sha-256=:<base64>:")
	var found hub.Digest
	for member := range strings.SplitSeq(h, ",") {
		name, value, ok := strings.Cut(strings.Trim(member, " \t"), "=")
		if !ok {
			return "", bad
		}
		if name != "sha-256" {
			continue
		}
		b64, open := strings.CutPrefix(value, ":")
		b64, closed := strings.CutSuffix(b64, ":")
		sum, err := base64.StdEncoding.Strict().DecodeString(b64)
		if !open || !closed || err != nil || len(sum) != sha256.Size || strings.ContainsAny(b64, "\r\n") || found != "" {
			return "", bad
		}
		found = hub.Digest("sha256:" + hex.EncodeToString(sum))
	}
	if found == "" {
		return "", bad
	}
	return found, nil
}

// maxPurpose bounds the reason of an access, in characters.
const maxPurpose = 200

// parsePurpose reads the header Access-Purpose: UTF-8, percent-encoded since
// headers are ASCII.
func parsePurpose(h string) (string, error) {
	p, err := url.PathUnescape(h)
	if err != nil || !utf8.ValidString(p) || utf8.RuneCountInString(p) > maxPurpose || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' }) {
		return "", hub.E(hub.BadRequest, "Access-Purpose must be percent-encoded UTF-8 of at most %d characters", maxPurpose)
	}
	return strings.TrimSpace(p), nil
}

// attachment names a file to be saved (RFC 6266, RFC 8187).
func attachment(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// parseCaseID reads a case's id from a path. What is not an id names no case.
func parseCaseID(s string) (hub.CaseID, error) {
	if len(s) != 26 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", hub.E(hub.NotFound, "no such case")
	}
	return hub.CaseID(s), nil
}
