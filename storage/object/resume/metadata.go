package resume

import (
	"encoding/base64"
	"net/http"
	"strings"

	"tongban/hub"
)

// maxMetadata bounds Upload-Metadata, in bytes.
const maxMetadata = 4 << 10

// announce reads Upload-Metadata of a creation. The digest is the only part
// that is kept: names of files may be personal, and belong to the material.
func (x *exchange) announce(r *http.Request) error {
	meta, err := parseMetadata(strings.Join(r.Header.Values("Upload-Metadata"), ","))
	if err != nil {
		return err
	}
	r.Header.Del("Upload-Metadata")
	text, ok := meta["digest"]
	if !ok {
		return nil
	}
	if x.want, err = hub.ParseSHA256(text); err != nil {
		return err
	}
	r.Header.Set("Upload-Metadata", "digest "+base64.StdEncoding.EncodeToString([]byte(x.want)))
	return nil
}

// parseMetadata reads pairs of a key and a Base64 value, separated by commas;
// keys are ASCII without space or comma, unique and not empty, and a value may
// be missing (tus 1.0, creation).
func parseMetadata(h string) (map[string]string, error) {
	bad := hub.E(hub.BadRequest, "Upload-Metadata must be pairs of a key and a Base64 value, with commas between")
	if len(h) > maxMetadata {
		return nil, hub.E(hub.BadRequest, "Upload-Metadata may have at most %d bytes", maxMetadata)
	}
	meta := map[string]string{}
	if strings.TrimSpace(h) == "" {
		return meta, nil
	}
	for pair := range strings.SplitSeq(h, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if _, twice := meta[key]; twice || key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, bad
		}
		b, err := base64.StdEncoding.Strict().DecodeString(value)
		if err != nil || strings.ContainsAny(value, "\r\n") {
			return nil, bad
		}
		meta[key] = string(b)
	}
	return meta, nil
}
