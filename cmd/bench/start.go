package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// emptyStart measures the first start on an empty folder.
func (b *bench) emptyStart(ctx context.Context) error {
	var all []float64
	for i := range 5 {
		ms, err := b.start(ctx, filepath.Join(b.dir, fmt.Sprint("empty-", i)))
		if err != nil {
			return err
		}
		all = append(all, ms)
	}
	b.add("start_ms", median(all), "ms", 0)
	return nil
}

// start runs the hub as a process until it says ready and answers /readyz, and
// returns how long that took, in milliseconds.
func (b *bench) start(ctx context.Context, data string) (float64, error) {
	if err := b.build(ctx); err != nil {
		return 0, err
	}
	begin := time.Now()
	cmd := exec.CommandContext(ctx, b.hub, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error") //nolint:gosec // our own paths
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	url := ""
	lines := bufio.NewScanner(out)
	for url == "" && lines.Scan() {
		_, url, _ = strings.Cut(lines.Text(), "hub ready on ")
	}
	resp, err := http.Get(url + "/readyz") //nolint:noctx // loopback
	took := time.Since(begin)
	if err == nil {
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("readyz: %s", resp.Status)
		}
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_, _ = io.Copy(io.Discard, out)
	if werr := cmd.Wait(); err == nil {
		err = werr
	}
	return float64(took.Microseconds()) / 1000, err
}
