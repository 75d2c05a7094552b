package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongban/cmd/hub/app"
	"tongban/hub/material"
)

// The test binary is also the hub: with this variable set it runs main.
const asHub = "RUN_AS_HUB"

func TestMain(m *testing.M) {
	material.RunAsChild()
	if os.Getenv(asHub) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// hubCommand is the hub as a process of its own.
func hubCommand(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asHub+"=1")
	return cmd
}

// runHub runs a command to its end and returns what it printed.
func runHub(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := hubCommand(ctx, t, args...)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// served is a hub process that serves.
type served struct {
	cmd *exec.Cmd
	url string
}

func startHub(t *testing.T, args ...string) *served {
	t.Helper()
	cmd := hubCommand(context.Background(), t, append([]string{"serve", "-log-level", "warn"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &served{cmd: cmd}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "hub ready on "); ok {
			s.url = url
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the process
			return s
		}
	}
	t.Fatalf("the hub did not start: %v", cmd.Wait())
	return nil
}

func (s *served) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait()
}

func TestDemoTakesOneCaseAndLeavesABundleThatVerifies(t *testing.T) {
	file := filepath.Join(t.TempDir(), "case.zip")
	out, err := runHub(t, "demo", "--bundle", file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"takes custody", "answers from the window", "the case is closed", "VERIFIES"} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
	if out, err := runHub(t, "verify", file); err != nil || !strings.Contains(out, "VERIFIES") {
		t.Errorf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := runHub(t, "verify", file); exitCode(err) != 1 || !strings.Contains(out, "WRONG  materials/") {
		t.Errorf("a changed byte: %v\n%s", err, out)
	}
}

func exitCode(err error) int {
	if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // straight from exec
		return e.ExitCode()
	}
	return 0
}

func TestDemoUsesTheFilesItIsGiven(t *testing.T) {
	scan := filepath.Join(t.TempDir(), "real.jpg")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 600, 800)), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(scan, photo.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := runHub(t, "demo", "--scan", scan); err != nil || !strings.Contains(out, "closed") {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(scan, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := runHub(t, "demo", "--scan", scan); exitCode(err) != 1 || !strings.Contains(out, "wrong_type") {
		t.Errorf("a script as a scan: %v\n%s", err, out)
	}
}

// Invariants 3 and 4 of the design through the whole product: the hub is
// killed again and again under many cases on their way; afterwards every case
// is done exactly once and nothing is lost.
func TestKilledHubLosesNothingAndDoesNothingTwice(t *testing.T) {
	const cases, kills = 24, 3
	data := t.TempDir()
	addr := freeAddr(t)
	hub := startHub(t, "-data", data, "-listen", addr)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	demo := hubCommand(ctx, t, "demo", "--url", hub.url, "--accounts", filepath.Join(data, app.SignInsFile), "--repeat", strconv.Itoa(cases),
		"--bundle", filepath.Join(t.TempDir(), "case.zip"))
	var out bytes.Buffer
	demo.Stdout, demo.Stderr = &out, &out
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	for range kills {
		waitForCommands(t, hub.url, 40)
		hub.kill(t)
		hub = startHub(t, "-data", data, "-listen", addr)
	}
	if err := demo.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	hub.kill(t)
	report, err := runHub(t, "rebuild", "--check", "-data", data, "-log-level", "error")
	if err != nil || !strings.Contains(report, "cases "+strconv.Itoa(cases)+", ") || !strings.Contains(report, "nothing lost, nothing done twice") {
		t.Fatalf("%v\n%s", err, report)
	}
	if report, err := runHub(t, "rebuild", "-data", data, "-log-level", "error"); err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	if report, err = runHub(t, "rebuild", "--check", "-data", data, "-log-level", "error"); err != nil {
		t.Fatalf("after the rebuild: %v\n%s", err, report)
	}
}

// waitForCommands waits until the hub has served so many commands since its start.
func waitForCommands(t *testing.T, url string, n int) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	got := 0
	for time.Now().Before(deadline) {
		if got = commandsServed(t, url); got >= n {
			return
		}
		pause()
	}
	t.Fatalf("only %d commands were served", got)
}

// commandsServed adds up the answered POSTs on cases since this start.
func commandsServed(t *testing.T, url string) int {
	t.Helper()
	resp, err := http.Get(url + "/metrics") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	total := 0.0
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		l := lines.Text()
		if strings.HasPrefix(l, "hub_http_requests_total") && strings.Contains(l, `method="POST"`) && strings.Contains(l, "/cases") {
			v, err := strconv.ParseFloat(l[strings.LastIndexByte(l, ' ')+1:], 64)
			if err != nil {
				t.Fatal(err)
			}
			total += v
		}
	}
	return int(total)
}

func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func TestServeStopsCleanlyAndASecondHubOnTheFolderIsRefused(t *testing.T) {
	data := t.TempDir()
	hub := startHub(t, "-data", data, "-listen", "127.0.0.1:0")
	if out, err := runHub(t, "serve", "-data", data, "-listen", "127.0.0.1:0"); exitCode(err) != 1 ||
		!strings.Contains(out, "in use") || !strings.Contains(out, strconv.Itoa(hub.cmd.Process.Pid)) {
		t.Errorf("second hub: %v\n%s", err, out)
	}
	for _, path := range []string{"/healthz", "/readyz", "/openapi.json", "/docs", "/"} {
		resp, err := http.Get(hub.url + path) //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("GET %s: %d", path, resp.StatusCode)
		}
	}
	if err := hub.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := hub.cmd.Wait(); err != nil {
		t.Errorf("the hub did not stop cleanly: %v", err)
	}
}

// The first signal waits for requests in flight, the second does not.
func TestASecondSignalEndsTheHubAtOnce(t *testing.T) {
	data := t.TempDir()
	hub := startHub(t, "-data", data, "-listen", "127.0.0.1:0")
	conn := halfAnUpload(t, hub.url, data)
	defer conn.Close()
	if err := hub.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- hub.cmd.Wait() }()
	waitUntilRefused(t, hub.url)
	select {
	case err := <-stopped:
		t.Fatalf("the hub did not wait for the upload: %v", err)
	default:
	}
	if err := hub.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-stopped:
		if err == nil {
			t.Error("a hub that was cut off says it ended well")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the second signal did not end the hub")
	}
}

// halfAnUpload signs in and leaves an upload hanging in its middle.
func halfAnUpload(t *testing.T, url, data string) net.Conn {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(data, app.SignInsFile))
	if err != nil {
		t.Fatal(err)
	}
	var ins []app.SignIn
	if err := json.Unmarshal(b, &ins); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"login": ins[0].Login, "password": ins[0].Password, "bearer": true})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(url+"/api/v1/session", "application/json", bytes.NewReader(body)) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var session struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&session); err != nil || session.Token == "" {
		t.Fatalf("sign in: %s %v", resp.Status, err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	const digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
	_, err = io.WriteString(conn, "PUT /api/v1/uploads HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer "+session.Token+
		"\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\nRepr-Digest: "+digest+"\r\n\r\n%PDF-1.7 half")
	if err != nil {
		t.Fatal(err)
	}
	waitForInFlight(t, url)
	return conn
}

// waitForInFlight waits until the hub serves two requests: the upload and the question.
func waitForInFlight(t *testing.T, url string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		resp, err := http.Get(url + "/metrics") //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("hub_http_in_flight 2")) {
			return
		}
		pause()
	}
	t.Fatal("the upload never came to the hub")
}

func waitUntilRefused(t *testing.T, url string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(url, "http://"), time.Second)
		if err != nil {
			return
		}
		_ = conn.Close()
		pause()
	}
	t.Fatal("the hub goes on listening")
}

// pause is between two looks.
func pause() {
	poll := time.NewTimer(20 * time.Millisecond)
	<-poll.C
}

func TestSecretsAndSignInsAreForTheirOwnerOnly(t *testing.T) {
	data := t.TempDir()
	startHub(t, "-data", data, "-listen", "127.0.0.1:0")
	b, err := os.ReadFile(filepath.Join(data, app.SignInsFile))
	if err != nil {
		t.Fatal(err)
	}
	var ins []app.SignIn
	if err := json.Unmarshal(b, &ins); err != nil || len(ins) < 6 {
		t.Fatalf("%v: %d sign-ins", err, len(ins))
	}
	err = filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && !strings.Contains(path, "objects") {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRouteExplainsAndRefuses(t *testing.T) {
	out, err := runHub(t, "route", "--item", "transfer.resale", "--unit", "410425001002GB00003F00050021")
	if err != nil || !strings.Contains(out, "410425.registry") || !strings.Contains(out, "郏县") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = runHub(t, "route", "--item", "transfer.resale", "--unit", "4104250010", "--lang", "en")
	if exitCode(err) != 1 || !strings.Contains(out, "length") {
		t.Errorf("short unit: %v\n%s", err, out)
	}
	out, err = runHub(t, "route", "--item", "transfer.resale", "--place", "410499", "--lang", "en")
	if exitCode(err) != 1 || !strings.Contains(out, "unknown_place") {
		t.Errorf("unknown place: %v\n%s", err, out)
	}
}

func TestPeopleAreAddedWithRolesThatFitTogether(t *testing.T) {
	data := t.TempDir()
	add := func(args ...string) (string, error) {
		return runHub(t, append(append([]string{"people"}, args...), "--", "-data", data, "-log-level", "error")...)
	}
	for name, args := range map[string][]string{
		"unknown agency": {"-login", "li.na", "-name", "李娜", "-agency", "nowhere", "-roles", "clerk"},
		"unknown role":   {"-login", "li.na", "-name", "李娜", "-agency", "440305.window", "-roles", "king"},
		"no name":        {"-login", "li.na", "-agency", "440305.window", "-roles", "clerk"},
		"two admins":     {"-login", "li.na", "-name", "李娜", "-agency", "440305.window", "-roles", "system_admin,audit_admin"},
	} {
		if out, err := add(args...); exitCode(err) != 1 {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	number := filepath.Join(t.TempDir(), "number")
	if err := os.WriteFile(number, []byte("410425199003071231\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := add("-login", "li.na", "-name", "李娜", "-agency", "440305.window", "-roles", "clerk", "-citizen-id-file", number)
	if err != nil || !strings.Contains(out, "password: ") {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err = add("-login", "li.na", "-roles", "window_lead")
	if err != nil || strings.Contains(out, "password: ") || !strings.Contains(out, "window_lead") {
		t.Errorf("new roles: %v\n%s", err, out)
	}
}

func TestUnknownCommandsAndFlagsFail(t *testing.T) {
	for _, args := range [][]string{{"explode"}, {"serve", "-nope"}, {"verify"}, {"verify", "/nowhere.zip"}, {"bundle"}, {"demo", "--repeat", "0"}, {"demo", "--crypto", "rot13"}, {"people"}} {
		if out, err := runHub(t, args...); exitCode(err) == 0 {
			t.Errorf("%v: exit 0\n%s", args, out)
		}
	}
	if out, err := runHub(t, "version"); err != nil || !strings.HasPrefix(out, "hub ") {
		t.Errorf("version: %v %s", err, out)
	}
}
