package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongban/cmd/hub/app"
)

// A whole video session, over real HTTP and real WebRTC, inside a real case:
// what it leaves as evidence, and what of it can be played.
func TestACaseWithAVideoSession(t *testing.T) {
	dir := t.TempDir()
	file, papers := filepath.Join(dir, "case.zip"), filepath.Join(dir, "papers")
	out, err := runHub(t, "demo", "--video", "--v", "--bundle", file, "--papers", papers)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"makes an appointment by video", "the applicant enters by them, once", "waits at the door", "the applicant gets packets", "begins the formal part",
		"a still of his own picture", "reads the record back", "signs it on screen", "pauses by itself", "recordings are finished", "the case is closed", "VERIFIES",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
	quietLog(t, out)
	got, err := runHub(t, "verify", file)
	if err != nil || !regexp.MustCompile(`sessions +1 by video, \d+ recorded segment`).MatchString(got) {
		t.Errorf("%v\n%s", err, got)
	}
	names, kinds := insideBundle(t, file)
	for _, want := range []string{
		`^sessions/[a-z2-7]{26}/identity-1-p2\.jpg$`, `^sessions/[a-z2-7]{26}/record-1\.pdf$`, `^sessions/[a-z2-7]{26}/record-1-p1\.png$`,
		`^sessions/[a-z2-7]{26}/record-1-p2\.png$`, `^sessions/[a-z2-7]{26}/signature-1-p2\.png$`, `^sessions/[a-z2-7]{26}/recording\.json$`,
		`^sessions/[a-z2-7]{26}/p1/person/000001\.webm$`, `^sessions/[a-z2-7]{26}/p2/person/000001\.webm$`, `^sessions/[a-z2-7]{26}/p3/person/000001\.webm$`,
	} {
		if !regexp.MustCompile("(?m)" + want).MatchString(names) {
			t.Errorf("the bundle has no %s:\n%s", want, names)
		}
	}
	for kind, n := range map[string]int{
		"session.scheduled": 1, "session.consented": 1, "session.opened": 1, "session.begun": 1, "session.identified": 1, "session.signed": 1,
		"session.resumed": 1, "session.closed": 1, "session.finished": 1, "session.paused": 0,
	} {
		if kinds[kind] != n {
			t.Errorf("%d events %s in the chain, want %d", kinds[kind], kind, n)
		}
	}
	all, err := filepath.Glob(filepath.Join(papers, "*-recording-p?-person.webm"))
	if err != nil || len(all) != 3 {
		t.Fatalf("recordings %q: %v", all, err)
	}
	for _, f := range all {
		soundAndPicture(t, f)
	}
}

// quietLog holds that the hub's log tells nothing of the people, and no trouble.
func quietLog(t *testing.T, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "time=") {
			continue
		}
		if regexp.MustCompile(`张建国|李晓明|\d{17}[\dX]|token=|link=|code=\d`).MatchString(line) {
			t.Errorf("personal or secret in the log: %s", line)
		}
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") && !strings.Contains(line, "test seal") {
			t.Errorf("trouble in the log: %s", line)
		}
	}
}

// insideBundle lists the files of a bundle, and counts the events of its chain by kind.
func insideBundle(t *testing.T, file string) (names string, kinds map[string]int) {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	kinds = map[string]int{}
	for _, f := range z.File {
		names += f.Name + "\n"
		if !strings.HasPrefix(f.Name, "chain/") || !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		kinds[e.Kind]++
	}
	return names, kinds
}

// soundAndPicture holds that a file has both, and that they lie beside each
// other: everybody sent both until the room was closed.
func soundAndPicture(t *testing.T, file string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_entries", "stream=index,codec_name:packet=stream_index,pts_time", "-of", "json", file).CombinedOutput()
	if err != nil {
		t.Fatalf("ffprobe (apt-get install ffmpeg): %v: %s", err, out)
	}
	var got struct {
		Streams []struct {
			Codec string `json:"codec_name"`
		} `json:"streams"`
		Packets []struct {
			Stream int    `json:"stream_index"`
			At     string `json:"pts_time"`
		} `json:"packets"`
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	first, last := map[string]float64{}, map[string]float64{}
	for _, p := range got.Packets {
		at, err := strconv.ParseFloat(p.At, 64)
		if err != nil {
			t.Fatal(err)
		}
		codec := got.Streams[p.Stream].Codec
		if _, ok := first[codec]; !ok {
			first[codec] = at
		}
		last[codec] = max(last[codec], at)
	}
	for _, codec := range []string{"vp8", "opus"} {
		if last[codec]-first[codec] < 1 {
			t.Errorf("%s: %s lasts from %.2f to %.2f s", filepath.Base(file), codec, first[codec], last[codec])
		}
	}
	if d := math.Abs(last["vp8"] - last["opus"]); d > 1 {
		t.Errorf("%s: sound and picture end %.2f s apart", filepath.Base(file), d)
	}
}

// Nobody can move the clock of a hub that is not his: in office hours a session
// is held at once, and otherwise the demo says by code why not.
func TestAVideoSessionOnAnotherHub(t *testing.T) {
	for name, open := range map[string]bool{"in office hours": true, "on a day off": false} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			hub := startHub(t, "-data", data, "-listen", "127.0.0.1:0", "-calendar", calendarAtNoon(t, open))
			out, err := runHub(t, "demo", "--video", "--url", hub.url, "--accounts", filepath.Join(data, app.SignInsFile))
			if open && (err != nil || !strings.Contains(out, "recordings are finished") || !strings.Contains(out, "VERIFIES") || strings.Contains(out, "sets the clock")) {
				t.Errorf("%v\n%s", err, out)
			}
			if !open && (exitCode(err) != 1 || !strings.Contains(out, "session_state") || !strings.Contains(out, "come in office hours") || strings.Contains(out, "makes an appointment")) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if out, err := runHub(t, "demo", "--video", "--repeat", "2"); exitCode(err) != 2 {
		t.Errorf("%v\n%s", err, out)
	}
}

// calendarAtNoon puts both offices where it is about noon now, on a working day
// or on a day off.
func calendarAtNoon(t *testing.T, open bool) string {
	t.Helper()
	east := 12 - time.Now().UTC().Hour()
	day := time.Now().UTC().Add(time.Duration(east) * time.Hour)
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	text := "calendar 1\n"
	for _, office := range []string{"410425.registry", "440305.window"} {
		text += fmt.Sprintf("office %s\nzone Etc/GMT%+d\nhours 06:00 18:00\n", office, -east) // POSIX signs: west is positive
		switch {
		case open && weekend:
			text += "work " + day.Format(time.DateOnly) + "\n"
		case !open && !weekend:
			text += "off " + day.Format(time.DateOnly) + "\n"
		}
	}
	file := filepath.Join(t.TempDir(), "calendar.txt")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
