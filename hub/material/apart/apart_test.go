package apart

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const testCommand = "apart-test"

// asParent makes the test binary a program that has a child and waits to be killed.
const asParent = "APART_TEST_PARENT"

func TestMain(m *testing.M) {
	Run(testCommand, misbehave)
	if os.Getenv(asParent) != "" {
		parent()
	}
	os.Exit(m.Run())
}

// misbehave is a child that does what it is told.
func misbehave(request []byte) []byte {
	what, arg, _ := strings.Cut(string(request), " ")
	pid := []byte(strconv.Itoa(os.Getpid()))
	switch what {
	case "pid":
		return pid
	case "die-once": // the one who can make the file dies
		if f, err := os.OpenFile(arg, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			_ = f.Close()
			die()
		}
		return pid
	case "die":
		die()
	case "hang":
		<-time.After(time.Hour)
	case "spin":
		for n := uint(1); n > 0; n |= 1 { // what a hostile file may make of a decoder
		}
	case "bomb":
		all := []byte{1}
		for len(all) > 0 {
			all = append(all, all...)
		}
	case "garbage":
		_, _ = os.Stdout.WriteString("\xff\xff\xff\xffnothing that a parent reads")
	case "chatter": // an answer to another request
		_ = writeFrame(os.Stdout, 7777, []byte("hello"))
	case "half":
		_, _ = os.Stdout.Write([]byte{0, 0, 0, 9, 0, 0})
		die()
	}
	return []byte(what)
}

func die() { p, _ := os.FindProcess(os.Getpid()); _ = p.Kill(); <-time.After(time.Hour) }

func parent() {
	g := New(Config{Command: Self(testCommand), Behind: true, Logger: slog.New(slog.DiscardHandler)})
	err := g.Do(context.Background(), time.Minute, []byte("pid"), func(b []byte) error {
		_, err := os.Stdout.WriteString("child " + string(b) + "\n")
		return err
	})
	if err != nil {
		os.Exit(1)
	}
	_ = g.Do(context.Background(), time.Hour, []byte("spin"), func([]byte) error { return nil }) // until it is killed
}

func group(t *testing.T, change func(*Config)) *Group {
	t.Helper()
	cfg := Config{Command: Self(testCommand), Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	g := New(cfg)
	t.Cleanup(func() { _ = g.Close() })
	return g
}

func (g *Group) ask(ctx context.Context, limit time.Duration, request string) (answer string, err error) {
	err = g.Do(ctx, limit, []byte(request), func(b []byte) error { answer = string(b); return nil })
	return answer, err
}

// running reports whether a process is there and no zombie.
func running(pid string) bool {
	state, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	return err == nil && !bytes.Contains(state, []byte(") Z "))
}

func mustPID(t *testing.T, g *Group) string {
	t.Helper()
	pid, err := g.ask(t.Context(), time.Minute, "pid")
	if err != nil || !running(pid) {
		t.Fatalf("%q %v", pid, err)
	}
	return pid
}

// Whatever a child does costs the child, and the next request is answered.
func TestABadChildIsReplaced(t *testing.T) {
	for what, want := range map[string]error{
		"die": errDied, "half": errDied, "bomb": errDied, "garbage": ErrGarbled, "chatter": ErrGarbled, "hang": ErrLate, "spin": ErrLate,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			g := group(t, func(c *Config) { c.Memory = 256 << 20; c.Behind = what == "spin" })
			before := mustPID(t, g)
			limit := time.Minute
			if errors.Is(want, ErrLate) {
				limit = 200 * time.Millisecond
			}
			if _, err := g.ask(t.Context(), limit, what); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
			if running(before) {
				t.Error("it lives on")
			}
			if after := mustPID(t, g); after == before {
				t.Error("the same process")
			}
		})
	}
}

func TestARefusedAnswerCostsTheChildItsLife(t *testing.T) {
	g := group(t, nil)
	before := mustPID(t, g)
	err := g.Do(t.Context(), time.Minute, []byte("pid"), func([]byte) error { return errors.New("no") })
	if !errors.Is(err, ErrGarbled) || running(before) {
		t.Errorf("%v, lives on: %v", err, running(before))
	}
}

func TestWhatADyingChildLeftIsDoneByTheNext(t *testing.T) {
	g := group(t, nil)
	before := mustPID(t, g)
	after, err := g.ask(t.Context(), time.Minute, "die-once "+filepath.Join(t.TempDir(), "mark"))
	if err != nil || after == before || !running(after) {
		t.Errorf("%q after %q: %v", after, before, err)
	}
}

func TestAChildIsReplacedAfterSoManyJobs(t *testing.T) {
	g := group(t, func(c *Config) { c.Jobs = 2 })
	a, b, c := mustPID(t, g), mustPID(t, g), mustPID(t, g)
	if a != b || b == c || running(a) {
		t.Errorf("%s %s %s", a, b, c)
	}
}

func TestCloseWaitsAndLeavesNoProcess(t *testing.T) {
	g := group(t, func(c *Config) { c.Size = 2 })
	var busy sync.WaitGroup
	defer busy.Wait()
	at := make(chan struct{})
	busy.Go(func() {
		close(at)
		if _, err := g.ask(t.Context(), time.Hour, "hang"); !errors.Is(err, ErrClosed) {
			t.Errorf("what was under way: %v", err)
		}
	})
	<-at
	pid := mustPID(t, g)
	if err := errors.Join(g.Close(), g.Close()); err != nil || running(pid) {
		t.Errorf("%v, lives on: %v", err, running(pid))
	}
	if _, err := g.ask(t.Context(), time.Minute, "pid"); !errors.Is(err, ErrClosed) {
		t.Errorf("after it: %v", err)
	}
}

func TestRestEndsProcessesAndTheNextRequestStartsOne(t *testing.T) {
	g := group(t, nil)
	pid := mustPID(t, g)
	g.Rest()
	if running(pid) {
		t.Error("it lives on")
	}
	mustPID(t, g)
}

func TestAGivenUpRequestEndsItsChild(t *testing.T) {
	g := group(t, nil)
	pid := mustPID(t, g)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := g.ask(ctx, time.Hour, "hang"); !errors.Is(err, context.DeadlineExceeded) || running(pid) {
		t.Errorf("%v, lives on: %v", err, running(pid))
	}
}

func TestWhereNothingCanBeStartedTheCallerIsTold(t *testing.T) {
	for what, command := range map[string][]string{
		"nothing given": nil, "no such program": {"/nowhere/hub", "x"}, "another program": {"/bin/true", "x"}, "one that talks": {"/bin/echo", "tongban apart 0"},
	} {
		g := group(t, func(c *Config) { c.Command = command })
		for range 2 {
			if _, err := g.ask(t.Context(), time.Minute, "pid"); !errors.Is(err, ErrNoChild) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}

// kill -9 takes the children along.
func TestNoChildSurvivesItsParent(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), asParent+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	pid, ok := strings.CutPrefix(lines.Text(), "child ")
	if !ok || !running(pid) {
		t.Fatalf("%q", lines.Text())
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	deadline := time.After(20 * time.Second)
	for running(pid) {
		select {
		case <-deadline:
			t.Fatal("the child lives on")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// No bytes make a reader take more than a frame, or panic; what is written is read.
func FuzzFrame(f *testing.F) {
	var good bytes.Buffer
	_ = writeFrame(&good, 3, []byte("hello"))
	for _, s := range [][]byte{nil, good.Bytes(), good.Bytes()[:9], {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 2}, {0, 1, 0, 1, 0, 0, 0, 1}} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		number, payload, err := readFrame(bytes.NewReader(b))
		if err != nil {
			if len(b) > 0 && !errors.Is(err, errFrame) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatal(err)
			}
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, number, payload); err != nil || !bytes.HasPrefix(b, again.Bytes()) {
			t.Fatal(err)
		}
		if len(payload) > maxFrame || int(binary.BigEndian.Uint32(b)) != len(payload) {
			t.Fatalf("%d bytes", len(payload))
		}
	})
}
