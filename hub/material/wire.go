package material

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"tongban/hub"
)

// The requests that a process beside the hub answers. Each is about one file in
// a folder of its own, and what is made stays in that folder, under fixed names.
const (
	askInspect = "inspect" // the original: what is it?
	askPicture = "picture" // page Page of an image: make its pictures
	askDrawn   = "drawn"   // the page that poppler drew as Name: make its thumbnail
)

// The names of the files in such a folder.
const (
	nameOriginal = "original"
	nameCopy     = "made-copy"
	namePage     = "made-page"
	nameThumb    = "made-thumb"
)

// request asks for one thing to be done with one file.
type request struct {
	Ask         string
	Dir         string // folder of the file
	Name        string // what the user called it, or the file that poppler drew
	Type        string // of an image that was inspected
	Page        int    // from 1
	Orientation int    // from the inspection; a TIFF has one for each page
	Limits      Limits
}

// answer is what became of a request: one of the four parts. It comes from a
// process that has read hostile bytes, and is believed only after check.
type answer struct {
	Refusal *refusal
	Again   string // why it may work at another time
	Is      *hub.Inspection
	Page    *madePage
	Panic   string // for the log, beside Refusal
}

// refusal is a coded error on the wire.
type refusal struct {
	Code    hub.Code
	Reason  string
	Message string
	Cause   string // for the log
}

// madePage is one page as pictures in the folder. A picture that was not asked
// for has no digest.
type madePage struct {
	Copy, Page, Thumb hub.Digest
	CopyType          string
	Width, Height     int // pixels of the page
	Angle             int // tenths of a degree
	Hints             []hub.Hint
}

// maxWords is the longest text that an answer may hold, in bytes.
const maxWords = 4 << 10

// codedError is the refusal as it was in the process.
func (r *refusal) codedError() error {
	e := &hub.Error{
		Code: r.Code, Message: r.Message, Fields: []hub.FieldError{{Pointer: contentPointer, Code: r.Reason, Message: r.Message}},
	}
	if r.Cause != "" {
		e.Err = errors.New(r.Cause)
	}
	return e
}

// answerTo packs what became of a request.
func answerTo(is *hub.Inspection, page *madePage, err error) *answer {
	coded, ok := errors.AsType[*hub.Error](err)
	switch {
	case err == nil:
		return &answer{Is: is, Page: page}
	case ok && refusals[coded.Code] && len(coded.Fields) == 1:
		r := &refusal{Code: coded.Code, Reason: coded.Fields[0].Code, Message: words(coded.Message)}
		if coded.Err != nil {
			r.Cause = words(coded.Err.Error())
		}
		return &answer{Refusal: r, Is: is}
	}
	return &answer{Again: words("cannot: " + err.Error())}
}

// words cuts a text to what an answer may hold, in one line.
func words(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	for len(s) > maxWords {
		s = s[:maxWords]
		s = strings.ToValidUTF8(s, "")
	}
	return s
}

var errAnswer = errors.New("the answer breaks the rules")

// readAnswer reads an answer to a request and refuses one that cannot be.
func readAnswer(b []byte, req *request) (*answer, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var a answer
	if err := d.Decode(&a); err != nil {
		return nil, fmt.Errorf("%w: %w", errAnswer, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: more than one", errAnswer)
	}
	if err := a.check(req); err != nil {
		return nil, fmt.Errorf("%w: %w", errAnswer, err)
	}
	return &a, nil
}

func (a *answer) check(req *request) error {
	for _, s := range []string{a.Again, a.Panic} {
		if words(s) != s {
			return errors.New("a text is too long, or of several lines")
		}
	}
	switch {
	case a.Refusal != nil:
		r := a.Refusal
		if a.Page != nil || a.Again != "" || a.Is != nil && !plausible(a.Is) || !refusals[r.Code] || !reasons[r.Reason] || words(r.Message) != r.Message || words(r.Cause) != r.Cause {
			return errors.New("no such refusal")
		}
		return nil
	case a.Again != "":
		if a.Page != nil || a.Is != nil {
			return errors.New("both done and not done")
		}
		return nil
	case req.Ask == askInspect && a.Is != nil && a.Page == nil:
		return checkInspection(a.Is, &req.Limits)
	case req.Ask != askInspect && a.Page != nil && a.Is == nil:
		return a.Page.check(req)
	}
	return errors.New("not what was asked for")
}

func checkInspection(is *hub.Inspection, lim *Limits) error {
	if !plausible(is) || is.Type == "" || is.Pages < 1 || is.Pages > lim.Pages || int64(max(is.Width, is.Height)) > lim.Pixels {
		return errors.New("no such file")
	}
	return nil
}

// plausible holds also for what was found of a file that was then refused.
func plausible(is *hub.Inspection) bool {
	switch is.Type {
	case "", typePDF, typeJPEG, typePNG, typeTIFF:
		return is.Orientation >= 0 && is.Orientation <= 8 && min(is.Width, is.Height, is.Pages) >= 0
	}
	return false
}

func (p *madePage) check(req *request) error {
	most := 2 * req.Limits.PageHeight
	if min(p.Width, p.Height) < 1 || max(p.Width, p.Height) > most || len(p.Hints) > len(allHints) || p.Angle < -900 || p.Angle > 900 {
		return errors.New("no such page")
	}
	for _, h := range p.Hints {
		if !allHints[h] {
			return errors.New("no such hint")
		}
	}
	wanted := map[hub.Digest]bool{p.Thumb: true, p.Page: true}
	if req.Ask == askPicture {
		wanted[p.Copy] = true
		if p.CopyType != typeJPEG && p.CopyType != typePNG {
			return errors.New("no such type")
		}
	} else if p.Copy != "" || p.CopyType != "" {
		return errors.New("a copy that nobody asked for")
	}
	for d := range wanted {
		if _, err := hub.ParseSHA256(string(d)); err != nil {
			return errors.New("no such digest")
		}
	}
	return nil
}

// reasons are all that a refusal may have.
var reasons = map[string]bool{
	reasonEmpty: true, reasonName: true, reasonKind: true, reasonTruncated: true, reasonDamaged: true, reasonPolyglot: true,
	reasonTrailing: true, reasonPixels: true, reasonComplex: true, reasonPageSize: true, reasonScript: true, reasonLaunch: true,
	reasonAttachment: true, reasonMedia: true, reasonXFA: true, reasonSends: true, reasonPages: true, reasonEncrypted: true,
	reasonUndrawable: true,
}

var allHints = map[hub.Hint]bool{
	hub.HintBlank: true, hub.HintBlurred: true, hub.HintDark: true, hub.HintSkewed: true, hub.HintCutOff: true,
}
