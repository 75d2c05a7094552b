package config_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongban/cmd/hub/config"
)

func load(t *testing.T, args, env []string) (config.Config, error) {
	t.Helper()
	return config.Load("serve", args, env, io.Discard)
}

func TestNothingSetIsAWorkingHub(t *testing.T) {
	c, err := load(t, nil, []string{"HOME=/somewhere"})
	if err != nil {
		t.Fatal(err)
	}
	if c != config.Default() {
		t.Fatalf("got %+v", c)
	}
}

func TestFlagBeatsEnvironmentBeatsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hub.yaml")
	if err := os.WriteFile(file, []byte("listen: 127.0.0.1:1\ndata: from-file\nsweep-every: 9s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, []string{"-config", file, "-listen", "127.0.0.1:3"}, []string{"TONGBAN_LISTEN=127.0.0.1:2", "TONGBAN_DATA=from-env"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" || c.Data != "from-env" || c.SweepEvery != 9*time.Second {
		t.Fatalf("got %+v", c)
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hub.yaml")
	if err := os.WriteFile(file, []byte("listne: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		args, env []string
		want      string
	}{
		"flag":             {[]string{"-nope"}, nil, "nope"},
		"argument":         {[]string{"serve"}, nil, "serve"},
		"environment":      {nil, []string{"TONGBAN_LISTNE=x"}, "listne"},
		"file key":         {[]string{"-config", file}, nil, "listne"},
		"missing file":     {[]string{"-config", file + "x"}, nil, "read settings"},
		"crypto":           {[]string{"-crypto", "rot13"}, nil, "crypto"},
		"mongo, no key":    {[]string{"-mongodb-file", "x"}, nil, "master-key-file"},
		"s3, no secrets":   {[]string{"-s3", "127.0.0.1:9"}, nil, "s3-access-key-file"},
		"tiny upload":      {[]string{"-max-upload", "1"}, nil, "max-upload"},
		"bad duration":     {nil, []string{"TONGBAN_SWEEP_EVERY=fast"}, "sweep-every"},
		"no data folder":   {[]string{"-data", ""}, nil, "data"},
		"restless sweeper": {[]string{"-sweep-every", "1ms"}, nil, "sweep-every"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, try.args, try.env)
			if err == nil || !strings.Contains(err.Error(), try.want) {
				t.Fatalf("got %v, want something about %q", err, try.want)
			}
		})
	}
}

func TestMasterKeyIsSixtyFourHexDigits(t *testing.T) {
	dir := t.TempDir()
	for text, ok := range map[string]bool{strings.Repeat("0f", 32) + "\n": true, "": false, "0f": false, strings.Repeat("zz", 32): false} {
		path := filepath.Join(dir, "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.MasterKey(path); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
