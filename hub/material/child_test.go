package material

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongban/hub"
)

// children are the processes of ours that look into files.
func children(t *testing.T) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		line, err := os.ReadFile(path)
		stat, err2 := os.ReadFile(filepath.Join(filepath.Dir(path), "stat"))
		if err != nil || err2 != nil || !bytes.Contains(line, []byte("\x00"+subcommand+"\x00")) {
			continue // it ended meanwhile, or is another
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if f := strings.Fields(rest); len(f) > 1 && f[0] != "Z" && f[1] == strconv.Itoa(os.Getpid()) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestAFileOutlivesTheProcessThatDrawsIt(t *testing.T) {
	b := newBench(t, nil)
	stop := b.run()
	page := jpegOf(t, sheet(1000, 1400, 1))
	pages := make([][]byte, 12)
	for i := range pages {
		pages[i] = cat(page[:2], segment(0xfe, []byte{byte(i)}), page[2:])
	}
	f := b.add(pdfOfScans(pages...))
	killed := 0
	eventually(t, 60*time.Second, "the drawing process was killed", func() bool {
		if b.files.puts.Load() < 3 {
			return false
		}
		for _, pid := range children(t) {
			if syscall.Kill(pid, syscall.SIGKILL) == nil {
				killed++
			}
		}
		return killed > 0
	})
	if p := b.wait(f); p.State != hub.PrepDone || len(p.Pages) != len(pages) || p.Attempts != 0 {
		t.Errorf("%s %s %s, %d pages, %d attempts", p.State, p.Code, p.Reason, len(p.Pages), p.Attempts)
	}
	stop()
	if left := children(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Limits that let a bomb pass inspection: then the process's own memory ends it,
// and nothing else.
func TestABombEndsTheProcessAndNotTheHub(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Limits = Limits{Pixels: 1 << 40, DecodedBytes: 1 << 40, ChildMemory: 128 << 20}
		c.Attempts = 2
	})
	b.run()
	bomb := pngBomb(30_000, 30_000)
	if p := b.wait(b.add(bomb)); p.State != hub.PrepFailed || p.Attempts != 2 || len(p.Pages) > 0 {
		t.Errorf("%+v", p)
	}
	if p := b.wait(b.add(pngOf(t, sheet(300, 400, 1)))); p.State != hub.PrepDone {
		t.Errorf("the next file: %+v", p)
	}
}

func TestALateInspectionIsUnavailable(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Deadline = time.Nanosecond })
	f := b.add(pngOf(t, sheet(300, 400, 1)))
	if _, err := b.Check(t.Context(), f.Digest, "a.png"); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("%v", err)
	}
	if left := children(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// With and without a process of its own a file is judged the same.
func TestCheckJudgesAsInspectDoes(t *testing.T) {
	photo := withEXIF(jpegOf(t, sheet(240, 180, 5)), 6, true)
	for what, child := range map[string][]string{"beside": Self(), "inside": nil, "nothing to start": {"/nowhere/hub", subcommand}} {
		b := newBench(t, func(c *Config) { c.Child = child })
		for _, c := range []struct {
			content []byte
			name    string
		}{
			{[]byte("<html>"), ""},
			{photo, "a.pdf"},
			{photo, "a.jpg"},
			{photo[:len(photo)/2], ""},
			{pngBomb(30_000, 30_000), ""},
			{pdfWith("/OpenAction << /S /JavaScript >>", nil), ""},
			{pdfWith("", nil), "合同2024.3.5"},
		} {
			want, wantErr := inspect(c.content, c.name)
			got, err := b.Check(t.Context(), b.add(c.content).Digest, c.name)
			if got != want || hub.ErrorCode(err) != hub.ErrorCode(wantErr) || reasonOf(err) != reasonOf(wantErr) {
				t.Errorf("%s, %q: %+v %v, want %+v %v", what, c.name, got, err, want, wantErr)
			}
		}
		if err := b.Close(); err != nil || len(children(t)) > 0 {
			t.Errorf("%s: %v, left behind %v", what, err, children(t))
		}
	}
}

func TestAnswersThatCannotBeAreRefused(t *testing.T) {
	digest := string(hub.SHA256(nil))
	inspect, draw, drawn := &request{Ask: askInspect}, &request{Ask: askPicture}, &request{Ask: askDrawn}
	page := func(change string) string {
		s := `{"Page":{"Copy":"` + digest + `","Page":"` + digest + `","Thumb":"` + digest + `","CopyType":"image/png","Width":10,"Height":9,"Hints":["dark"]}}`
		old, now, _ := strings.Cut(change, "→")
		return strings.Replace(s, old, now, 1)
	}
	for _, c := range []struct {
		req  *request
		good bool
		b    string
	}{
		{inspect, false, ``},
		{inspect, false, `{}`},
		{inspect, false, `null`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":1}} {}`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":1},"More":1}`},
		{inspect, false, `{"Is":{"Type":"text/html","Pages":1}}`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":0}}`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":501}}`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":1,"Orientation":9}}`},
		{inspect, false, `{"Is":{"Type":"image/png","Pages":1},"Again":"later"}`},
		{inspect, false, `{"Again":"two\nlines"}`},
		{inspect, false, `{"Again":"` + strings.Repeat("x", maxWords+1) + `"}`},
		{inspect, false, `{"Refusal":{"Code":"forbidden","Reason":"script"}}`},
		{inspect, false, `{"Refusal":{"Code":"unsafe_content","Reason":"<script>"}}`},
		{inspect, false, page("")},
		{draw, false, `{"Is":{"Type":"image/png","Pages":1}}`},
		{draw, false, page(digest + "→sha256:../../master.key")},
		{draw, false, page(`image/png→text/html`)},
		{draw, false, page(`"Width":10→"Width":100000`)},
		{draw, false, page(`"Width":10→"Width":0`)},
		{draw, false, page(`dark→<b>`)},
		{drawn, false, page("")},
		{inspect, true, `{"Is":{"Type":"image/png","Pages":1,"Width":5,"Height":5}}`},
		{inspect, true, `{"Again":"later"}`},
		{inspect, true, `{"Refusal":{"Code":"unsafe_content","Reason":"script","Message":"m"},"Is":{"Type":"application/pdf"}}`},
		{draw, true, page("")},
	} {
		c.req.Limits = Limits{}.withDefaults()
		if _, err := readAnswer([]byte(c.b), c.req); (err == nil) != c.good || err != nil && !errors.Is(err, errAnswer) {
			t.Errorf("%s %.120s: %v", c.req.Ask, c.b, err)
		}
	}
}

// A picture that is a link, or of another type than its maker said, is not kept.
func TestOnlyPicturesAreKept(t *testing.T) {
	b := newBench(t, nil)
	j := &job{w: b.Worker}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("\xff\xd8\xffsecret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, make := range map[string]func(string) error{
		"nothing":       func(string) error { return nil },
		"a link":        func(to string) error { return os.Symlink(secret, to) },
		"a pipe":        func(to string) error { return syscall.Mkfifo(to, 0o600) },
		"a page":        func(to string) error { return os.WriteFile(to, []byte("<html>"), 0o600) },
		"another one's": func(to string) error { return os.WriteFile(to, []byte("\xff\xd8\xffother"), 0o600) },
	} {
		dir := t.TempDir()
		if err := make(filepath.Join(dir, namePage)); err != nil {
			t.Fatal(err)
		}
		if err := j.put(t.Context(), dir, namePage, typeJPEG, hub.SHA256([]byte("\xff\xd8\xffsecret"))); err == nil {
			t.Errorf("%s was kept", what)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, a := range []answer{{Again: "x"}, {Is: &hub.Inspection{Type: typePNG, Pages: 1}}, {Refusal: &refusal{Code: hub.Encrypted, Reason: reasonEncrypted}}, {Page: &madePage{Width: 1, Height: 1}}} {
		b, err := json.Marshal(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, ask := range []string{askInspect, askPicture, askDrawn} {
			a, err := readAnswer(b, &request{Ask: ask, Limits: Limits{}.withDefaults()})
			if err == nil && a.Refusal == nil && a.Again == "" && a.Is == nil && a.Page == nil {
				t.Fatalf("%s says nothing: %s", ask, b)
			}
		}
	})
}
