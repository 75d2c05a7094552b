package session

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Invite is what a calendar file says of an appointment. It names no applicant
// and carries no link: calendars are synchronised to many places.
type Invite struct {
	UID       string // one for the session, for ever
	Sequence  int    // goes up with every change
	Stamp     time.Time
	Slot      Slot
	Summary   string
	Where     string
	Text      string
	Organizer string // as people know the agency
	Cancelled bool
}

// Calendar writes the appointment as an iCalendar file (RFC 5545; the method
// is of RFC 5546). Times are UTC, lines end with CRLF and have at most 75 octets.
func (i Invite) Calendar() []byte {
	var w calendarWriter
	method, status := "PUBLISH", "CONFIRMED"
	if i.Cancelled {
		method, status = "CANCEL", "CANCELLED"
	}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Tongban//Session//ZH")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:" + method)
	w.line("BEGIN:VEVENT")
	w.text("UID", i.UID)
	w.line("SEQUENCE:" + strconv.Itoa(i.Sequence))
	w.line("DTSTAMP:" + icalTime(i.Stamp))
	w.line("DTSTART:" + icalTime(i.Slot.From))
	w.line("DTEND:" + icalTime(i.Slot.To))
	w.text("SUMMARY", i.Summary)
	w.text("LOCATION", i.Where)
	w.text("DESCRIPTION", i.Text)
	w.text("CONTACT", i.Organizer)
	w.line("STATUS:" + status)
	w.line("CLASS:CONFIDENTIAL")
	w.line("TRANSP:OPAQUE")
	if !i.Cancelled {
		w.line("BEGIN:VALARM")
		w.line("ACTION:DISPLAY")
		w.line("TRIGGER:-PT30M")
		w.text("DESCRIPTION", i.Summary)
		w.line("END:VALARM")
	}
	w.line("END:VEVENT")
	w.line("END:VCALENDAR")
	return []byte(w.b.String())
}

func icalTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

type calendarWriter struct{ b strings.Builder }

// text writes a property of type TEXT (RFC 5545 §3.3.11); nothing when it is empty.
func (w *calendarWriter) text(name, value string) {
	if value == "" {
		return
	}
	var b strings.Builder
	b.WriteString(name + ":")
	value = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\r\n", "\n"), "\r", "\n")
	for _, r := range value {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	w.line(b.String())
}

// line folds after at most 75 octets, never within a character (§3.1).
func (w *calendarWriter) line(s string) {
	limit := 75
	for len(s) > limit {
		cut := limit
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.b.WriteString(s[:cut] + "\r\n ")
		s, limit = s[cut:], 74
	}
	w.b.WriteString(s + "\r\n")
}
