// Command bench measures the promises of the product on this machine and
// prints one table; docs/performance.md holds the last one. Timing decides no
// test; this is where it is looked at.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongban/hub/material"
)

// row is one measured figure.
type row struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	N     int     `json:"n"`
}

// bench collects rows.
type bench struct {
	dir  string // temporary
	max  int    // cases
	hub  string // the built binary
	rows []row
	log  io.Writer

	profile   string
	uploadMiB int // of each resumable upload
}

func (b *bench) add(name string, value float64, unit string, n int) {
	b.rows = append(b.rows, row{name, value, unit, n})
	fmt.Fprintf(b.log, "%-18s %12.2f %-11s n=%d\n", name, value, unit, n)
}

func main() {
	material.RunAsChild()
	debug.SetGCPercent(300) // as the hub runs
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) (err error) {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	file := fs.String("json", "bench.json", "`file` for the rows")
	limit := fs.Int("cases", 1_000_000, "the largest number of cases")
	profile := fs.String("cpuprofile", "", "write a CPU profile of the parts on cases to this `file`")
	only := fs.String("only", "", "the one `part` to run: binary, routing, policies, standards, clocks, papers, bundles, uploads, resumable, pages, start, storm, forward, recorded, cases")
	upload := fs.Int("upload-mib", 256, "`MiB` of each of the 16 resumable uploads; the promise is for 2048, which needs 34 GB and some minutes")
	tmp := fs.String("dir", "", "`folder` for the stores of the run; needs about 6 GB for a million cases")
	if err := fs.Parse(args); err != nil {
		return err
	}
	b := &bench{max: *limit, log: log}
	if b.dir, err = os.MkdirTemp(*tmp, "tongban-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	b.profile, b.uploadMiB = *profile, *upload
	for _, part := range b.parts() {
		if !strings.HasPrefix(part.name, *only) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	table(out, b.rows)
	j, err := json.MarshalIndent(b.rows, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Clean(*file), append(j, '\n'), 0o600)
}

// part is one group of figures.
type part struct {
	name string
	run  func(context.Context) error
}

func (b *bench) parts() []part {
	return []part{
		{"routing", b.routing},
		{"policies", b.policies},
		{"standards", b.standards},
		{"clocks", b.clocks},
		{"papers", b.papers},
		{"bundles", b.bundles},
		{"uploads", b.uploads},
		{"resumable", b.resumable},
		{"pages", b.pages},
		{"binary", b.binary},
		{"start", b.emptyStart},
		{"storm", b.storm},
		{"forward", b.forward},
		{"recorded", b.recorded},
		{"cases", b.cases},
	}
}

// table writes the table of docs/performance.md.
func table(out io.Writer, rows []row) {
	fmt.Fprintf(out, "%s, %d cores, %s, Go %s, %s\n\n", machine(), runtime.NumCPU(), memory(), strings.TrimPrefix(runtime.Version(), "go"),
		time.Now().UTC().Format("2006-01-02"))
	fmt.Fprintln(out, "| name | value | unit | n |\n|---|---:|---|---:|")
	for _, r := range rows {
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", r.Name, short(r.Value), r.Unit, thousands(r.N))
	}
}

func short(v float64) string {
	digits := 2
	if v >= 100 {
		digits = 0
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

func machine() string { return field("/proc/cpuinfo", "model name") }
func memory() string  { return field("/proc/meminfo", "MemTotal") }

func field(file, name string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for l := range strings.Lines(string(b)) {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

// binary measures the stripped hub.
func (b *bench) binary(ctx context.Context) error {
	if err := b.build(ctx); err != nil {
		return err
	}
	info, err := os.Stat(b.hub)
	if err != nil {
		return err
	}
	b.add("binary_mb", float64(info.Size())/1e6, "MB", 1)
	return nil
}

// build makes the stripped hub, once.
func (b *bench) build(ctx context.Context) error {
	if b.hub != "" {
		return nil
	}
	b.hub = filepath.Join(b.dir, "hub")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.hub, "./cmd/hub") //nolint:gosec // our own paths
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// p95 of some durations, in milliseconds.
func p95(d []time.Duration) float64 {
	slices.Sort(d)
	return float64(d[len(d)*95/100].Microseconds()) / 1000
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
