package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"tongban/hub"
)

// A cursor is opaque to clients: version, time, a mark of the query it belongs
// to, and the id of the last row. It only ever narrows a query that is
// authorized anew, so it needs no signature; it is read strictly, and only
// with the query it was made for.
const (
	cursorVersion = 1
	cursorMark    = 8
	cursorSize    = 1 + 8 + cursorMark + 26
)

// queryMark tells queries apart: what is asked, by whose agency.
func queryMark(q hub.ListQuery, a hub.AgencyID) [cursorMark]byte {
	h := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q %q", a, q.Queue, q.Status, q.Number, q.Unit, q.Party, q.Item))
	return [cursorMark]byte(h[:])
}

func formatCursor(c *hub.Cursor, mark [cursorMark]byte) string {
	if c == nil {
		return ""
	}
	b := make([]byte, 0, cursorSize)
	b = append(b, cursorVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Updated.UnixMilli()))
	b = append(b, mark[:]...)
	b = append(b, c.ID...)
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string, mark [cursorMark]byte) (*hub.Cursor, error) {
	if s == "" {
		return nil, nil // from the start
	}
	bad := hub.InvalidFields([]hub.FieldError{{Pointer: "/cursor", Code: "invalid", Message: "not a cursor of this query; start again without one"}})
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != cursorSize || b[0] != cursorVersion || [cursorMark]byte(b[9:9+cursorMark]) != mark {
		return nil, bad
	}
	id, err := parseCaseID(string(b[9+cursorMark:]))
	ms := int64(binary.BigEndian.Uint64(b[1:9]))
	// The years that a time can be written for.
	if err != nil || ms < 0 || ms > 253_402_300_799_999 {
		return nil, bad
	}
	c := &hub.Cursor{Updated: time.UnixMilli(ms).UTC(), ID: id}
	if formatCursor(c, mark) != s { // base64 ignores line breaks
		return nil, bad
	}
	return c, nil
}
