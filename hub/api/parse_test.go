package api

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

var marks = queryMark(hub.ListQuery{Status: hub.StatusReceived}, "440305.window")

func TestCursorsSurviveTheirWay(t *testing.T) {
	c := &hub.Cursor{Updated: time.UnixMilli(1_790_000_000_123).UTC(), ID: hub.NewCaseID(hub.NewClaimKey("p", "c"), time.UnixMilli(1_790_000_000_000))}
	got, err := parseCursor(formatCursor(c, marks), marks)
	if err != nil || *got != *c {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"x", strings.Repeat("A", 58), formatCursor(c, queryMark(hub.ListQuery{}, "440305.window")), formatCursor(c, marks) + "\n"} {
		if got, err := parseCursor(bad, marks); hub.ErrorCode(err) != hub.Invalid {
			t.Errorf("%q was read as %v, %v", bad, got, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(formatCursor(&hub.Cursor{Updated: time.UnixMilli(1), ID: hub.NewCaseID(hub.NewClaimKey("p", "c"), time.UnixMilli(1_790_000_000_000))}, marks))
	f.Add("")
	f.Add("AQAA\nAA")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s, marks)
		if err != nil {
			if hub.ErrorCode(err) != hub.Invalid {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if c != nil && formatCursor(c, marks) != s || c == nil && s != "" {
			t.Errorf("%q is a second form of %q", s, formatCursor(c, marks))
		}
	})
}

func FuzzIfMatch(f *testing.F) {
	for _, s := range []string{"", "*", `"1"`, `W/"1"`, `"01"`, `"9223372036854775808"`, `"1","2"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		seq, err := parseIfMatch(s)
		switch {
		case err != nil && hub.ErrorCode(err) != hub.BadRequest:
			t.Errorf("%q: %v", s, err)
		case err == nil && seq == 0 && s != "" && s != "*", err == nil && seq != 0 && etag(seq) != s, seq < 0:
			t.Errorf("%q was read as %d", s, seq)
		}
	})
}

func FuzzReprDigest(f *testing.F) {
	good := digestHeader([]byte("x"))
	for _, s := range []string{"", good, "md5=:AA==:, " + good, good + "," + good, "sha-256=" + good, "sha-256=:" + base64.StdEncoding.EncodeToString(make([]byte, 31)) + ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseReprDigest(s)
		if err != nil {
			if hub.ErrorCode(err) != hub.BadRequest {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if _, err := hub.ParseSHA256(string(d)); err != nil || !strings.Contains(s, reprDigest(d)) {
			t.Errorf("%q was read as %s, %v", s, d, err)
		}
	})
}

func FuzzPurpose(f *testing.F) {
	f.Add(url.PathEscape("核对"))
	f.Add("%zz")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePurpose(s)
		if err == nil && (strings.ContainsAny(p, "\r\n") || len([]rune(p)) > maxPurpose) {
			t.Errorf("%q was read as %q", s, p)
		}
	})
}

func TestTheClientIsWhoTrustedProxiesSayItIs(t *testing.T) {
	s := newSite(t, func(c *Config) { c.TrustedProxies = prefixes(t, "127.0.0.0/8", "10.0.0.0/8") })
	for forwarded, want := range map[string]string{
		"": "127.0.0.1", "203.0.113.9": "203.0.113.9", "1.2.3.4, 203.0.113.9": "203.0.113.9", "203.0.113.9, 10.1.1.1": "203.0.113.9",
		"nonsense": "127.0.0.1", "1.2.3.4, nonsense, 10.0.0.1": "10.0.0.1",
	} {
		id := "trusted-" + hub.SHA256([]byte(forwarded)).Hex()[:16]
		s.request("", "GET", "/healthz", nil, map[string]string{"X-Forwarded-For": forwarded, "X-Request-Id": id})
		eventually(t, "address="+want+" for "+forwarded, func() bool {
			for line := range strings.Lines(s.log.String()) {
				if strings.Contains(line, id) && strings.Contains(line, "address="+want+" ") {
					return true
				}
			}
			return false
		})
	}
}

func prefixes(t *testing.T, texts ...string) []netip.Prefix {
	t.Helper()
	var out []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}
