package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"tongban/cmd/hub/app"
)

// clients is how many upload at once, each a file of its own.
const clients = 16

// resumable measures the memory of a hub, embedded stores and all, while many
// resumable uploads come in at once. Every second client announces its digest.
func (b *bench) resumable(ctx context.Context) (err error) {
	if err := b.build(ctx); err != nil {
		return err
	}
	data := filepath.Join(b.dir, "resumable")
	cmd := exec.CommandContext(ctx, b.hub, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error") //nolint:gosec // our own paths
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, out)
		err = errors.Join(err, cmd.Wait(), os.RemoveAll(data))
	}()
	url := ""
	for lines := bufio.NewScanner(out); url == "" && lines.Scan(); {
		_, url, _ = strings.Cut(lines.Text(), "hub ready on ")
	}
	token, err := clerkToken(ctx, url, data)
	if err != nil {
		return err
	}
	size := int64(b.uploadMiB) << 20
	begin := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for i := range clients {
		g.Go(func() error { return sendFile(ctx, url, token, i, size) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	took := time.Since(begin).Seconds()
	peak, err := peakMiB(cmd.Process.Pid)
	if err != nil {
		return err
	}
	b.add("uploads16_rss_mib", peak, "MiB", int(size))
	b.add("uploads16_mb_per_s", float64(size*clients)/1e6/took, "MB/s", int(size))
	return nil
}

// noise is a file of its own for each number, made while it is read.
func noise(i int, size int64) io.Reader {
	r := rand.NewChaCha8([32]byte{byte(i), 7})
	head := "%PDF-1.7\n"
	return io.LimitReader(io.MultiReader(strings.NewReader(head), r), size)
}

// sendFile uploads one file in one piece and compares the digest that comes back.
func sendFile(ctx context.Context, url, token string, i int, size int64) error {
	h := sha256.New()
	if _, err := io.Copy(h, noise(i, size)); err != nil {
		return err
	}
	sum := h.Sum(nil)
	call := func(method, url string, body io.Reader, header ...string) (http.Header, error) {
		req, err := http.NewRequestWithContext(ctx, method, url, body)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Tus-Resumable", "1.0.0")
		for k := 0; k < len(header); k += 2 {
			req.Header.Set(header[k], header[k+1])
		}
		if body != nil {
			req.ContentLength = size
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err == nil && resp.StatusCode >= http.StatusMultipleChoices {
			err = fmt.Errorf("%s %s: %s %s", method, url, resp.Status, text)
		}
		return resp.Header, err
	}
	header := []string{"Upload-Length", strconv.FormatInt(size, 10)}
	if i%2 == 0 {
		digest := "sha256:" + hex.EncodeToString(sum)
		header = append(header, "Upload-Metadata", "digest "+base64.StdEncoding.EncodeToString([]byte(digest)))
	}
	made, err := call(http.MethodPost, url+"/api/v1/uploads/tus", nil, header...)
	if err != nil {
		return err
	}
	done, err := call(http.MethodPatch, url+made.Get("Location"), noise(i, size), "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
	if err != nil {
		return err
	}
	if got := done.Get("Repr-Digest"); got != "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":" {
		return fmt.Errorf("file %d came out as %q", i, got)
	}
	return nil
}

// clerkToken signs the first of the demo people in.
func clerkToken(ctx context.Context, url, data string) (string, error) {
	text, err := os.ReadFile(filepath.Join(data, app.SignInsFile))
	if err != nil {
		return "", err
	}
	var ins []app.SignIn
	if err := json.Unmarshal(text, &ins); err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]any{"login": ins[0].Login, "password": ins[0].Password, "bearer": true})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var session struct {
		Token string `json:"token"`
	}
	return session.Token, json.NewDecoder(resp.Body).Decode(&session)
}

// peakMiB is the most memory that a process has had resident.
func peakMiB(pid int) (float64, error) {
	text := field(fmt.Sprintf("/proc/%d/status", pid), "VmHWM")
	kib, err := strconv.ParseFloat(strings.TrimSuffix(text, " kB"), 64)
	return kib / 1024, err
}
