package register

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"tongban/hub/code"
)

// Ref is a keyed reference to a person or an organisation. It says nothing
// about who that is; the caller makes it.
type Ref string

// CaseID is the case that a booking or a lock belongs to.
type CaseID string

// BookingID names a booking: 26 lower-case base32 characters, derived from its
// source.
type BookingID string

// EntryID names what a step of a booking has put into the register (a right, a
// burden, an objection, a seizure): "<booking>/<step>".
type EntryID string

// Booking is the booking that the entry is part of, and the step's index.
func (e EntryID) Booking() (BookingID, int) {
	id, step, _ := strings.Cut(string(e), "/")
	n, err := strconv.Atoi(step)
	if err != nil {
		return BookingID(id), -1
	}
	return BookingID(id), n
}

func entryID(b BookingID, step int) EntryID {
	return EntryID(string(b) + "/" + strconv.Itoa(step))
}

// Digest is "<algorithm>:<hex>".
type Digest string

// SourceKind says what a booking rests on.
type SourceKind string

// The kinds of source.
const (
	FromCase   SourceKind = "case"   // an application; disposing steps need the case's lock
	FromCourt  SourceKind = "court"  // a court's order (协助执行通知书); never waits for a lock
	FromOffice SourceKind = "office" // the registry itself: taking over old registers, correction ex officio
)

// Source is what a booking rests on. It can book once: repeating it returns
// the stored booking.
type Source struct {
	Kind SourceKind `json:"kind"`
	ID   string     `json:"id"`   // the case, or the number of the court's order
	Step string     `json:"step"` // of several bookings of one source
}

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// BookingID derives the id of the source's booking.
func (s Source) BookingID() BookingID {
	h := sha256.Sum256([]byte("tongban.booking/1\n" + strconv.Quote(string(s.Kind)) + strconv.Quote(s.ID) + strconv.Quote(s.Step)))
	return BookingID(base32Lower.EncodeToString(h[:])[:26])
}

// Entry is the id that a step of the source's booking will have, so that a later
// step can name what an earlier one makes.
func (s Source) Entry(step int) EntryID { return entryID(s.BookingID(), step) }

// Case is the case of the source, "" when it is none.
func (s Source) Case() CaseID {
	if s.Kind == FromCase {
		return CaseID(s.ID)
	}
	return ""
}

// Date is a day of the law, "2006-01-02"; "" is none.
type Date string

func (d Date) wellFormed() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Ground says on what a step rests, beside the will of the holders.
type Ground string

// The grounds.
const (
	ByAgreement   Ground = "agreement"   // sale, gift, exchange: both sides act (条例 14)
	ByInheritance Ground = "inheritance" // also bequest; one side (民法典 230)
	ByJudgment    Ground = "judgment"    // a court's or arbitrator's document (民法典 229)
	ByGovernment  Ground = "government"  // expropriation (民法典 229)
	ByMarriage    Ground = "marriage"    // divorce, or between spouses: both act
	ByDestruction Ground = "destruction" // the thing is gone (民法典 231)
	ByWaiver      Ground = "waiver"      // the holder gives it up
	ByLapse       Ground = "lapse"       // the time is over (民法典 220, 221)
	ByOffice      Ground = "office"      // the registry found its own error
)

// byLaw tells whether the right moves without the holder's act.
func (g Ground) byLaw() bool { return g == ByInheritance || g == ByJudgment || g == ByGovernment }

// Mode is how several hold one right (民法典 297).
type Mode string

// The modes.
const (
	Sole     Mode = "sole"
	Joint    Mode = "joint"  // 共同共有
	ByShares Mode = "shares" // 按份共有
)

// Description is what the unit is.
type Description struct {
	Location string `json:"location"`
	Area     int64  `json:"area"`               // in 0.01 m²
	Use      string `json:"use"`                // as "residential", "commercial", "residential_land"
	Nature   string `json:"nature,omitempty"`   // how the right was gained: "granted", "allocated", "market", …
	TermEnd  Date   `json:"term_end,omitempty"` // of the land-use right
}

func (d Description) faults(l *faults) {
	l.need(text(d.Location, 300), "about.location")
	l.need(d.Area > 0 && d.Area < 1e15, "about.area")
	l.need(word(d.Use), "about.use")
	l.need(d.Nature == "" || word(d.Nature), "about.nature")
	l.need(d.TermEnd == "" || d.TermEnd.wellFormed(), "about.term_end")
}

// parcelOf is the unit of the land parcel that a fixture stands on: the same
// parcel with fixture W and eight zeros. ok is false for a parcel itself.
func parcelOf(u code.Unit) (parcel code.Unit, ok bool) {
	if u.FixtureKind() == "W" || u.FixtureKind() == "" {
		return "", false
	}
	return code.Unit(u.Parcel() + "W00000000"), true
}

// isParcel tells land without a fixture.
func isParcel(u code.Unit) bool { return u.FixtureKind() == "W" }
