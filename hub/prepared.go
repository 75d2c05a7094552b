package hub

import (
	"context"
	"fmt"
	"time"
)

// PrepState says how far the preparation of a file for review is.
type PrepState string

// The states of a preparation. All but the first are final until somebody asks
// for it again.
const (
	PrepWaiting     PrepState = "waiting"     // in the queue, or being worked on
	PrepDone        PrepState = "done"        // inspected, and its pages are there
	PrepRefused     PrepState = "refused"     // the content is not accepted: Code and Reason
	PrepFailed      PrepState = "failed"      // it could not be done: Code
	PrepQuarantined PrepState = "quarantined" // the virus scanner found something: Signature
	PrepNoRenderer  PrepState = "no_renderer" // a good PDF, but nothing is installed that draws its pages
)

// ScanState is what the virus scanner said.
type ScanState string

// The states of a scan. Where a scanner is configured only ScanClean lets a file be read.
const (
	ScanNotConfigured ScanState = "not_configured"
	ScanClean         ScanState = "clean"
	ScanFound         ScanState = "found"
	ScanFailed        ScanState = "failed"    // no answer yet; tried again
	ScanTooLarge      ScanState = "too_large" // past the scanner's own limit: not scanned
)

// Hint says that a page may not be good enough. It is advice for a person.
type Hint string

// The hints.
const (
	HintBlank   Hint = "blank"
	HintBlurred Hint = "blurred"
	HintDark    Hint = "dark"
	HintSkewed  Hint = "skewed"
	HintCutOff  Hint = "cut_off" // writing runs over the edge
)

// Inspection is what a file says about itself, without trusting it.
type Inspection struct {
	Type        string // media type, told from the content
	Pages       int
	Width       int  // pixels of the first page as stored; 0 for PDF
	Height      int  // pixels
	Orientation int  // EXIF 1 to 8; 0 when not told
	HasLocation bool // it tells where it was taken
}

// PageImage is one page as pictures, each a file of its own in the object store.
type PageImage struct {
	Number   int    // from 1
	Page     Digest // for reading on a screen
	PageType string // media type
	Thumb    Digest // JPEG
	Copy     Digest // full size, upright, without metadata; "" for PDF
	CopyType string
	Width    int // pixels of Page
	Height   int
	Angle    int // tenths of a degree that the writing is turned
	Hints    []Hint
}

// Prepared is the record of one file: one for each digest, whatever cases it is in.
type Prepared struct {
	File       File
	State      PrepState
	Code       Code   // why refused or failed
	Reason     string // the stable reason beside the code
	Scan       ScanState
	Signature  string // what the scanner found
	Inspection Inspection
	Pages      []PageImage
	Attempts   int       // that failed
	Due        time.Time // of the next attempt
	Updated    time.Time
}

// Preparations is the queue of files to prepare and the record of what became
// of them.
type Preparations interface {
	// Enqueue adds a file that is not known yet; a known one stays as it is.
	Enqueue(ctx context.Context, f File, at time.Time) error
	// Again puts a finished file back into the queue. NotFound for an unknown one.
	Again(ctx context.Context, d Digest, at time.Time) error
	// Lease hands out the waiting file that is due the longest, to one worker
	// until the lease ends. ok is false when there is none.
	Lease(ctx context.Context, worker string, now time.Time, ttl time.Duration) (p Prepared, ok bool, err error)
	// Extend prolongs a lease. Conflict when the worker does not hold it.
	Extend(ctx context.Context, worker string, d Digest, until time.Time) error
	// Save writes what became of a leased file and ends the lease: a state
	// other than PrepWaiting ends the work, PrepWaiting with Due puts it back.
	// Conflict when the worker does not hold the lease; nothing is written then.
	Save(ctx context.Context, worker string, p Prepared) error
	Prepared(ctx context.Context, d Digest) (Prepared, error) // NotFound
}

// Preparer gets files ready for review in the background.
type Preparer interface {
	// Prepare asks for a file to be prepared. Asking again changes nothing.
	Prepare(ctx context.Context, f File) error
	// Prepared tells what became of a file; an unknown one is waiting from now on.
	Prepared(ctx context.Context, f File) (Prepared, error)
	// Readable refuses a file that nobody may read: Quarantined, or NotScanned
	// where files have to be scanned and this one has not been found clean.
	Readable(ctx context.Context, f File) error
}

// prepare asks for the file of an event to be prepared, if it brought one.
func (s *Service) prepare(ctx context.Context, e *Event) error {
	if e.Kind != KindMaterialAdded {
		return nil
	}
	f, err := readFact(e.Kind, e.Data)
	if err != nil {
		return fmt.Errorf("read %s: %w", e.Kind, err)
	}
	m, ok := f.(*MaterialAdded)
	if !ok {
		return fmt.Errorf("%s holds %T", e.Kind, f)
	}
	return s.Preparer.Prepare(ctx, m.File)
}
