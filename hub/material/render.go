package material

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"tongban/hub/material/apart"
)

// renderer draws the pages of PDFs with poppler's pdftoppm, each time in a
// process of its own: it reads one file, writes into one folder, and is bound
// in processor time, memory and size of files. What a hostile PDF does to it
// ends with it.
type renderer struct {
	program string // path of pdftoppm; "" when there is none
	lim     Limits
}

// renderAtOnce is how many pages one process draws.
const renderAtOnce = 10

// maxRendered is the largest picture of one page, in bytes.
const maxRendered = 64 << 20

// errRender is what a PDF did to the process that drew it.
var errRender = errors.New("pdftoppm")

// newRenderer looks for poppler.
func newRenderer(program string, lim Limits) *renderer {
	if program == "" {
		program = "pdftoppm"
	}
	found, err := exec.LookPath(program)
	if err != nil {
		return &renderer{lim: lim}
	}
	return &renderer{found, lim}
}

// limited runs a program under the limits of its first three arguments:
// seconds of processor time, KiB of address space, blocks of 512 bytes a file.
const limited = `ulimit -c 0 && ulimit -t "$1" && ulimit -v "$2" && ulimit -f "$3" && shift 3 && exec "$@"`

// pages draws pages first to last as JPEGs into dir and returns their paths in
// order; a page that could not be drawn ends the list. place is that of the
// process, as of [apart.Start]. Errors: errRender for what the file did, others
// for what another time may change.
func (r *renderer) pages(ctx context.Context, place int, pdf, dir string, first, last int) ([]string, error) {
	n := last - first + 1
	seconds := int(r.lim.PageTime.Seconds()) * n
	ctx, cancel := context.WithTimeout(ctx, time.Duration(6*seconds)*time.Second+time.Minute) // wall time, behind everything else on a busy machine
	defer cancel()
	prefix := filepath.Join(dir, "p"+strconv.Itoa(first))
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", limited, "sh", //nolint:gosec // the arguments are ours; the file is named by us
		strconv.Itoa(max(1, seconds)), strconv.FormatInt(r.lim.RenderMemory>>10, 10), strconv.Itoa(maxRendered>>9),
		r.program, "-q", "-jpeg", "-jpegopt", "quality="+strconv.Itoa(pageQuality), "-scale-to", strconv.Itoa(r.lim.PageHeight),
		"-f", strconv.Itoa(first), "-l", strconv.Itoa(last), pdf, prefix)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + dir, "TMPDIR=" + dir}
	var stderr tailBuffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = 5 * time.Second
	ended := make(chan error, 1)
	if err := apart.Start(cmd, place, func(err error) { ended <- err }); err != nil {
		return nil, fmt.Errorf("start pdftoppm: %w", err)
	}
	runErr := <-ended
	if ctx.Err() != nil && runErr != nil {
		return nil, ctx.Err() // it got no time from a busy machine: that says nothing of the file
	}
	found, err := filepath.Glob(prefix + "-*.jpg") // sorted: the numbers have leading zeros
	if err != nil {
		return nil, err
	}
	if runErr != nil || len(found) == 0 {
		return found, fmt.Errorf("%w: %v: %s", errRender, runErr, bytes.TrimSpace(stderr.b)) //nolint:errorlint // runErr may be nil
	}
	return found, nil
}

// tailBuffer keeps the first bytes of what a program complains.
type tailBuffer struct{ b []byte }

func (t *tailBuffer) Write(p []byte) (int, error) {
	if room := 1024 - len(t.b); room > 0 {
		t.b = append(t.b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}
