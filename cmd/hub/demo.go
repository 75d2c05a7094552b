package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/config"
	"tongban/cmd/hub/demo"
)

// demoOptions are the flags of hub demo.
type demoOptions struct {
	demo.Options

	data, signIns, bundle, crypto string
	verbose, list                 bool
}

// runDemo takes cases through a hub: one that it starts on a temporary folder,
// or one that runs already.
func runDemo(ctx context.Context, p *program, args []string) error {
	fs := flag.NewFlagSet("hub demo", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	o := demoOptions{Options: demo.Options{Out: p.out}}
	fs.StringVar(&o.Item, "item", "transfer.resale", "`code` of the item whose story is played, or all; see -list")
	fs.StringVar(&o.Before, "before", "", "leave the cases before this `step` (take, accept, first, second, decide, book, issue, handout, close …), so that the desks have work")
	fs.BoolVar(&o.list, "list", false, "name the twelve items, where each story ends and why, and stop")
	fs.StringVar(&o.Lang, "lang", "en", "language of what is said: zh or en")
	fs.StringVar(&o.URL, "url", "", "`URL` of a running hub; without it one is started on a temporary folder")
	fs.StringVar(&o.signIns, "accounts", filepath.Join(config.Default().Data, app.SignInsFile), "`file` with the demo sign-ins of the hub at -url")
	fs.StringVar(&o.crypto, "crypto", config.Default().Crypto, "`suite` of the hub that is started: standard or sm")
	fs.StringVar(&o.data, "data", "", "keep the started hub's data in this `folder`")
	fs.StringVar(&o.bundle, "bundle", "tongban-demo.zip", "write the evidence bundle of the first case to this `file`")
	fs.StringVar(&o.Papers, "papers", "", "keep the papers of the first case, and with -video its recordings, in this `folder`")
	fs.BoolVar(&o.Video, "video", false, "hold a video session in the case, with headless people over real WebRTC; keeps the recordings with -papers")
	fs.IntVar(&o.Repeat, "repeat", 1, "take `N` cases through at once")
	fs.BoolVar(&o.verbose, "v", false, "show the hub's log")
	fs.Func("scan", "`file` to use as a scan; may be repeated", func(s string) error { o.Files = append(o.Files, s); return nil })
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 || o.Repeat < 1 || o.Lang != "zh" && o.Lang != "en" || o.Video && o.Repeat > 1 {
		fs.Usage()
		return errUsage
	}
	if o.list {
		fmt.Fprint(p.out, demo.List(o.Lang))
		return nil
	}
	if o.Item != allItems {
		if err := demo.Knows(o.Item); err != nil {
			return err // before a hub is started for it
		}
	}
	if o.URL == "" {
		return o.withOwnHub(ctx, p)
	}
	b, err := os.ReadFile(filepath.Clean(o.signIns))
	if err != nil {
		return err
	}
	var ins []app.SignIn
	if err := json.Unmarshal(b, &ins); err != nil {
		return fmt.Errorf("read sign-ins: %w", err)
	}
	o.accounts(ins)
	return o.play(ctx, p)
}

// allItems asks for every story, one after the other.
const allItems = "all"

// play runs the story, or all of them.
func (o *demoOptions) play(ctx context.Context, p *program) error {
	if o.Item != allItems {
		o.Bundle = func(b []byte) error { return o.keep(ctx, p.out, o.bundle, b) }
		return demo.Run(ctx, o.Options)
	}
	for _, item := range demo.Items() {
		one := o.Options
		one.Item = item
		one.Bundle = func(b []byte) error {
			ext := filepath.Ext(o.bundle)
			return o.keep(ctx, p.out, strings.TrimSuffix(o.bundle, ext)+"."+item+ext, b)
		}
		fmt.Fprintf(p.out, "\n== %s ==\n", item)
		if err := demo.Run(ctx, one); err != nil {
			return fmt.Errorf("%s: %w", item, err)
		}
	}
	return nil
}

func (o *demoOptions) accounts(ins []app.SignIn) {
	o.Accounts = map[string]demo.Account{}
	for _, s := range ins {
		o.Accounts[s.Login] = demo.Account{Login: s.Login, Password: s.Password}
	}
}

// keep writes the bundle and proves it as hub verify would.
func (o *demoOptions) keep(ctx context.Context, out io.Writer, file string, b []byte) error {
	if err := os.WriteFile(file, b, 0o600); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	fmt.Fprintf(out, "\nhub verify %s\n", file)
	return verifyFile(ctx, out, file, nil)
}

// movableClock is the wall clock, set forward as far as a story needs. Safe
// for concurrent use; it never goes back.
type movableClock struct {
	mu    sync.Mutex
	ahead time.Duration // guarded by mu
}

func (c *movableClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// to sets the clock forward to a time.
func (c *movableClock) to(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = max(c.ahead, time.Until(at))
}

// withOwnHub starts a hub, runs the demo against it over HTTP and stops it.
func (o *demoOptions) withOwnHub(ctx context.Context, p *program) (err error) {
	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Crypto = "127.0.0.1:0", o.data, o.crypto
	if o.data == "" {
		if cfg.Data, err = os.MkdirTemp("", "tongban-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if o.verbose {
		log = cfg.Logger(p.errs)
	}
	var clock movableClock
	if o.data == "" { // what is kept must not hold days that have not come
		o.Ahead = clock.to
	}
	a, err := app.Open(ctx, cfg, log, app.WithClock(clock.now))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	serving, stop := context.WithCancel(ctx)
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(serving, func(addr string) { ready <- addr }) }()
	defer func() { stop(); err = errors.Join(err, <-done) }()
	select {
	case addr := <-ready:
		o.URL = "http://" + addr
	case err := <-done:
		done <- nil
		return err
	}
	started := "a hub of its own runs on %s\n"
	if o.Lang == "zh" {
		started = "演示自带的系统已启动：%s\n"
	}
	fmt.Fprintf(p.out, started, o.URL)
	o.accounts(a.SignIns)
	return o.play(ctx, p)
}
