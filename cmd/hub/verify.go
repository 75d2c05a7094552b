package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tongban/cmd/hub/app"
	"tongban/hub/evidence"
)

// anchors collects repeated -trust flags.
type anchors []evidence.Anchor

func (a *anchors) String() string { return fmt.Sprintf("%d keys", len(*a)) }

func (a *anchors) Set(s string) error {
	x, err := evidence.ParseAnchor(s)
	*a = append(*a, x)
	return err
}

// verify checks a bundle off line and names the first thing that is wrong.
func verify(ctx context.Context, p *program, args []string) error {
	fs := flag.NewFlagSet("hub verify FILE", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	var trusted anchors
	fs.Var(&trusted, "trust", "`key` known on another way; may be repeated, then every key must be among them")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		fs.Usage()
		return errUsage
	}
	return verifyFile(ctx, p.out, fs.Arg(0), trusted)
}

func verifyFile(ctx context.Context, out io.Writer, path string, trusted []evidence.Anchor) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	start := time.Now()
	r, err := evidence.Verify(ctx, f, info.Size(), evidence.Options{Algorithms: app.Algorithms("standard"), Trusted: trusted})
	if wrong, ok := errors.AsType[*evidence.Wrong](err); ok {
		fmt.Fprintf(out, "WRONG  %s\n       %s\n", wrong.Item, wrong.Reason)
		return fmt.Errorf("%s does not verify", path)
	}
	if err != nil {
		return err
	}
	printReport(out, &r, time.Since(start))
	return nil
}

func printReport(out io.Writer, r *evidence.Report, took time.Duration) {
	fmt.Fprintf(out, "case       %s  (%s)\n", r.Number, r.Case)
	fmt.Fprintf(out, "status     %s, custodian %s\n", r.Status, r.Custodian)
	fmt.Fprintf(out, "head       %s\n", r.Head)
	fmt.Fprintf(out, "exported   %s by %s\n", r.At.Format(time.RFC3339), r.Exporter)
	fmt.Fprintf(out, "checked    %d files, %d events (%d with another window's signature), %d materials (%.1f MB), %d messages, %d receipts\n",
		r.Files, r.Events, r.Contributions, r.Materials, float64(r.MaterialBytes)/1e6, r.Messages, r.Receipts)
	if r.Booked {
		fmt.Fprintf(out, "register   the booking and %d issued paper(s) are good\n", r.Results)
	} else if r.Results > 0 {
		fmt.Fprintf(out, "papers     %d issued paper(s) are good\n", r.Results)
	}
	if r.Sessions > 0 {
		fmt.Fprintf(out, "sessions   %d by video, %d recorded segment(s) are those of the chain\n", r.Sessions, r.Segments)
	}
	for _, k := range r.Keys {
		mark := "not anchored"
		if k.Trusted {
			mark = "trusted"
		}
		fmt.Fprintf(out, "key        %s of %s: %d signatures, %s\n", k.ID, k.Agency, k.Signatures, mark)
	}
	if !r.Anchored {
		fmt.Fprintln(out, "           whose these keys are, this file alone cannot prove: compare them with what the agencies")
		fmt.Fprintln(out, "           publish, or give the known ones with -trust")
	}
	fmt.Fprintf(out, "VERIFIES   %.1f MB in %.0f ms\n", float64(r.Bytes)/1e6, float64(took.Microseconds())/1000)
}
