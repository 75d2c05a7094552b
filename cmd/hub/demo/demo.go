package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/sync/errgroup"
)

// Options say what to show.
type Options struct {
	URL      string             // of the hub
	Accounts map[string]Account // by login; each story names its own
	Item     string             // whose story; "" is transfer.resale
	Before   string             // key of the step before which each case is left; "" plays the whole story
	Lang     string             // of what is said: "zh" or "en"
	Files    []string           // scans to use instead of the drawn ones
	Repeat   int                // how many cases, at once; 0 is 1
	// Ahead sets the hub's clock forward to a time, so that a public notice can
	// run its days; nil where the hub is not ours, and the story ends there.
	Ahead  func(time.Time)
	Papers string // folder for the papers and recordings of the first case; "" keeps none
	Video  bool   // hold a video session in each case; for one case at a time
	// Bundle gets the evidence bundle of the first case.
	Bundle func(b []byte) error
	Out    io.Writer
}

// atOnce bounds how many cases of a repeated demo are on their way together.
const atOnce = 32

// Run takes the cases through. It is nil only when every step of every case
// was seen from outside. Errors: UnknownItem, and those of the hub.
func Run(ctx context.Context, o Options) error {
	x, err := scriptOf(cmp.Or(o.Item, "transfer.resale"))
	if err != nil {
		return err
	}
	if o.Before != "" {
		if err := x.leaveBefore(o.Before); err != nil {
			return err
		}
		o.Bundle = nil // there is nobody yet who may export it
	}
	x.video = o.Video
	x.serial = rand.IntN(8_000_000) //nolint:gosec // so that a second run meets other units
	fixed := make([]paper, 0, len(x.gaps))
	for _, g := range x.gaps {
		fixed = append(fixed, g.fixed)
	}
	corrected, err := scanAll(fixed, 1000)
	if err != nil {
		return err
	}
	who, err := o.signIn(ctx, x.desk)
	if err != nil {
		return err
	}
	n := max(1, o.Repeat)
	start := time.Now()
	var mu sync.Mutex
	done := 0
	scans, err := o.scans(&x, 0)
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i := range n {
		g.Go(func() error {
			s := &story{people: who, script: x, lang: o.Lang, scans: scans, fixed: corrected, number: i, ahead: o.Ahead, told: func(string) {}}
			if i == 0 {
				s.papersDir = o.Papers
			}
			if n == 1 {
				s.told = narrator(o.Out)
			}
			if err := s.run(gctx); err != nil {
				return fmt.Errorf("case %d: %w", i+1, err)
			}
			if i == 0 {
				if err := s.evidence(gctx, o.Bundle); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; n > 1 && done%max(1, n/10) == 0 {
				fmt.Fprintf(o.Out, o.pick("已完成 %d / %d 件\n", "%d of %d cases are through\n"), done, n)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if o.Before != "" {
		fmt.Fprintf(o.Out, o.pick("共 %d 件，停在步骤“%s”之前，用时 %.1f 秒\n", "%d case(s) wait before the step %q, made in %.1f s\n"), n, o.Before, time.Since(start).Seconds())
		return nil
	}
	fmt.Fprintf(o.Out, o.pick("共 %d 件，从窗口到结束 %.1f 秒，每一步都从外部核对\n", "%d case(s) from the window to the end in %.1f s, every step seen from outside\n"), n, time.Since(start).Seconds())
	return nil
}

func (o *Options) pick(zh, en string) string {
	if o.Lang == "zh" {
		return zh
	}
	return en
}

// narrator numbers what is told; what begins with a space belongs to the
// number before.
func narrator(out io.Writer) func(string) {
	step := 0
	return func(text string) {
		if strings.HasPrefix(text, " ") {
			fmt.Fprintf(out, "%s\n", text)
			return
		}
		step++
		fmt.Fprintf(out, "%2d  %s\n", step, text)
	}
}

func (s *story) evidence(ctx context.Context, keep func([]byte) error) error {
	if keep == nil {
		return nil
	}
	b, err := s.bundle(ctx)
	if err != nil {
		return fmt.Errorf("fetch evidence bundle: %w", err)
	}
	s.say("案件 %[1]s 的证据包 %.1[2]f MB", "the evidence bundle of %[1]s has %.1[2]f MB", s.caseNumber, float64(len(b))/1e6)
	return keep(b)
}

func (o *Options) signIn(ctx context.Context, d desk) (people, error) {
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * atOnce}, Timeout: 5 * time.Minute}
	var p people
	for login, to := range map[string]**client{d.clerk: &p.clerk, d.first: &p.first, d.second: &p.second, d.lead: &p.lead, d.booking: &p.booking} {
		a, ok := o.Accounts[login]
		if !ok {
			return p, fmt.Errorf("no sign-in for %s", login)
		}
		c, err := signIn(ctx, hc, o.URL, a, o.pick("zh-CN", "en"))
		if err != nil {
			return p, err
		}
		*to = c
	}
	return p, nil
}

// scans are the drawn papers, or the given files: the first fills the slot of
// the story's own first paper, the others follow, and what they do not fill is
// drawn.
func (o *Options) scans(x *script, number int) ([]Scan, error) {
	drawn, err := scanAll(x.allPapers(number), 1)
	if err != nil || len(o.Files) == 0 {
		return drawn, err
	}
	own := drawn[len(drawn)-len(x.papers):]
	if len(o.Files) > len(own) {
		return nil, fmt.Errorf("at most %d scans", len(own))
	}
	for i, path := range o.Files {
		b, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			return nil, fmt.Errorf("read scan: %w", err)
		}
		if len(bytes.TrimSpace(b)) == 0 {
			return nil, errors.New(path + " is empty")
		}
		own[i] = Scan{own[i].Slot, filepath.Base(path), mimetype.Detect(b).String(), b}
	}
	return drawn, nil
}
