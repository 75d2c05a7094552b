package session

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"unicode/utf8"
)

// The kinds of application messages of the room. They pass through the room and
// are kept nowhere; what shall stay becomes an event of its own.
const (
	MessageShow    = "show"    // which page of which material everybody sees
	MessagePoint   = "point"   // where the pointer is
	MessageMark    = "mark"    // a region, which may become a gap of a supplement
	MessageChat    = "chat"    //
	MessageCaption = "caption" // what an interpreter types
	MessageHand    = "hand"    // asks to speak, or no more
)

// MaxMessage is the size of an application message, in bytes.
const MaxMessage = 4096

// Shared is an application message: exactly the part that Kind names is there.
type Shared struct {
	V       int      `json:"v"` // 1
	Kind    string   `json:"kind"`
	Show    *Show    `json:"show,omitempty"`
	Point   *Point   `json:"point,omitempty"`
	Mark    *Mark    `json:"mark,omitempty"`
	Chat    *Words   `json:"chat,omitempty"`
	Caption *Caption `json:"caption,omitempty"`
	Hand    *Hand    `json:"hand,omitempty"`
}

// Show turns everybody to a page. X and Y are the upper left corner of what is
// seen, as parts of the page; Zoom 1 shows the whole width.
type Show struct {
	Material string  `json:"material"`
	Page     int     `json:"page"`
	Zoom     float64 `json:"zoom"`
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
}

// Point is the pointer on the page shown; Off takes it away.
type Point struct {
	X   float64 `json:"x"`
	Y   float64 `json:"y"`
	Off bool    `json:"off,omitempty"`
}

// Mark is a region of a page: x, y, width, height as parts of the page. With
// Off the mark of that id goes. It has the form of a supplement's gap.
type Mark struct {
	ID       string     `json:"id"`
	Material string     `json:"material"`
	Page     int        `json:"page"`
	Rect     [4]float64 `json:"rect"`
	Off      bool       `json:"off,omitempty"`
}

// Words are a line of chat.
type Words struct {
	Text string `json:"text"`
}

// Caption is a line that an interpreter types; Lang is a BCP 47 tag.
type Caption struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

// Hand asks to speak.
type Hand struct {
	Up bool `json:"up"`
}

// ParseShared reads an application message strictly and checks it.
func ParseShared(b []byte) (Shared, error) {
	var s Shared
	if len(b) > MaxMessage {
		return s, malformed("", "the message is too large")
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return Shared{}, malformed("", "the message is not readable")
	}
	if _, err := dec.Token(); err != io.EOF {
		return Shared{}, malformed("", "bytes after the end")
	}
	return s, s.check()
}

func (s *Shared) check() error {
	parts := map[string]bool{
		MessageShow: s.Show != nil, MessagePoint: s.Point != nil, MessageMark: s.Mark != nil,
		MessageChat: s.Chat != nil, MessageCaption: s.Caption != nil, MessageHand: s.Hand != nil,
	}
	n := 0
	for _, there := range parts {
		if there {
			n++
		}
	}
	if s.V != 1 || n != 1 || !parts[s.Kind] {
		return malformed("/kind", "exactly the part that kind names, version 1")
	}
	switch {
	case s.Show != nil:
		return s.Show.check()
	case s.Point != nil:
		if !part(s.Point.X) || !part(s.Point.Y) {
			return malformed("/point", "a point lies on the page")
		}
	case s.Mark != nil:
		return s.Mark.check()
	case s.Chat != nil:
		return words("/chat/text", s.Chat.Text)
	case s.Caption != nil:
		if len(s.Caption.Lang) > 35 {
			return malformed("/caption/lang", "no language tag")
		}
		return words("/caption/text", s.Caption.Text)
	}
	return nil
}

func (s *Show) check() error {
	if len(s.Material) == 0 || len(s.Material) > 60 || s.Page < 1 || s.Page > 10_000 {
		return malformed("/show", "a material and a page from 1")
	}
	if s.Zoom < 0.1 || s.Zoom > 20 || math.IsNaN(s.Zoom) || !part(s.X) || !part(s.Y) {
		return malformed("/show/zoom", "zoom 0.1 to 20, a corner on the page")
	}
	return nil
}

func (m *Mark) check() error {
	if len(m.ID) == 0 || len(m.ID) > 40 {
		return malformed("/mark/id", "1 to 40 characters")
	}
	if m.Off {
		return nil
	}
	r := m.Rect
	if len(m.Material) == 0 || len(m.Material) > 60 || m.Page < 1 || m.Page > 10_000 {
		return malformed("/mark", "a material and a page from 1")
	}
	if !part(r[0]) || !part(r[1]) || r[2] <= 0 || r[3] <= 0 || !part(r[0]+r[2]) || !part(r[1]+r[3]) {
		return malformed("/mark/rect", "x, y, width, height within 0…1")
	}
	return nil
}

func part(v float64) bool { return v >= 0 && v <= 1 }

func words(at, s string) error {
	if n := utf8.RuneCountInString(s); n < 1 || n > 1000 || !utf8.ValidString(s) {
		return malformed(at, "1 to 1000 characters")
	}
	return nil
}

// Allows reports whether somebody may send this message.
func (m May) Allows(s Shared) bool {
	switch s.Kind {
	case MessageShow, MessageMark:
		return m.Show
	case MessagePoint:
		return m.Point
	case MessageChat:
		return m.Chat
	case MessageCaption:
		return m.Caption
	case MessageHand:
		return m.Ask
	}
	return false
}
