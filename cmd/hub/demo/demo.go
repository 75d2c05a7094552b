package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/sync/errgroup"
)

// Options say what to show.
type Options struct {
	URL      string             // of the hub
	Accounts map[string]Account // by login: nanshan.clerk, jiaxian.first, jiaxian.second
	Files    []string           // scans to use instead of the drawn ones
	Repeat   int                // how many cases, at once; 0 is 1
	// Bundle gets the evidence bundle of the first case.
	Bundle func(b []byte) error
	Out    io.Writer
}

// atOnce bounds how many cases of a repeated demo are on their way together.
const atOnce = 32

// Run takes the cases through. It is nil only when every step of every case
// was seen from outside.
func Run(ctx context.Context, o Options) error {
	scans, err := o.scans()
	if err != nil {
		return err
	}
	signed, err := signedContract()
	if err != nil {
		return err
	}
	who, err := o.signIn(ctx)
	if err != nil {
		return err
	}
	n := max(1, o.Repeat)
	start := time.Now()
	var mu sync.Mutex
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i := range n {
		g.Go(func() error {
			s := &story{people: who, scans: scans, signed: signed, number: i, say: func(string, ...any) {}}
			if n == 1 {
				s.say = narrator(o.Out)
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
				fmt.Fprintf(o.Out, "%d of %d cases closed\n", done, n)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Fprintf(o.Out, "%d case(s) from window to decision in %.1f s, every step seen from outside\n", n, took.Seconds())
	return nil
}

func narrator(out io.Writer) func(string, ...any) {
	step := 0
	return func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if text[0] == ' ' {
			fmt.Fprintf(out, "    %s\n", text)
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
	s.say("the evidence bundle of %s has %.1f MB", s.caseNumber, float64(len(b))/1e6)
	return keep(b)
}

func (o *Options) signIn(ctx context.Context) (people, error) {
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * atOnce}, Timeout: 5 * time.Minute}
	var p people
	for login, to := range map[string]**client{"nanshan.clerk": &p.clerk, "jiaxian.first": &p.first, "jiaxian.second": &p.second, "jiaxian.lead": &p.lead} {
		a, ok := o.Accounts[login]
		if !ok {
			return p, fmt.Errorf("no sign-in for %s", login)
		}
		c, err := signIn(ctx, hc, o.URL, a)
		if err != nil {
			return p, err
		}
		*to = c
	}
	return p, nil
}

// scans are the drawn papers, or the given files: the first fills the
// contract, the others follow, and what they do not fill is drawn.
func (o *Options) scans() ([]Scan, error) {
	drawn, err := Scans(1)
	if err != nil || len(o.Files) == 0 {
		return drawn, err
	}
	if len(o.Files) > len(drawn) {
		return nil, fmt.Errorf("at most %d scans", len(drawn))
	}
	order := []string{"contract", "certificate", "identity", "application", "tax"}
	for i, path := range o.Files {
		b, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			return nil, fmt.Errorf("read scan: %w", err)
		}
		if len(bytes.TrimSpace(b)) == 0 {
			return nil, errors.New(path + " is empty")
		}
		for k := range drawn {
			if drawn[k].Slot == order[i] {
				drawn[k] = Scan{order[i], filepath.Base(path), mimetype.Detect(b).String(), b}
			}
		}
	}
	return drawn, nil
}
