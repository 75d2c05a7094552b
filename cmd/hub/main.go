// Command hub is the whole product in one binary: a server and the tools
// around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"tongban/hub/material"
)

// command is one subcommand. It returns an error for every failure; main turns
// it into a message and a non-zero exit.
type command struct {
	name, usage string
	run         func(ctx context.Context, p *program, args []string) error
}

// program is what a command may touch of the world.
type program struct {
	out, errs io.Writer
	environ   []string
}

func commands() []command {
	return []command{
		{"serve", "run the hub", serve},
		{"demo", "take real cases across two provinces, step by step", runDemo},
		{"verify", "check an evidence bundle without a server", verify},
		{"bundle", "write the evidence bundle of one case", bundle},
		{"route", "say who is responsible, and why", route},
		{"rebuild", "make all derived data again from the chains, or check it", rebuild},
		{"seed", "save the built-in standards in an outside store", seedStandards},
		{"people", "add a person, or change his roles or password", people},
		{"keys", "list the signing keys of the agencies", keys},
		{"version", "print the version", version},
	}
}

// gcPercent lets the heap grow to four times what is in use between two
// collections: a hub uses some tens of megabytes, and collecting less often
// leaves a tenth of the processor to the cases. GOGC overrules it.
const gcPercent = 300

func main() {
	material.RunAsChild()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx := untilSignal(os.Interrupt, syscall.SIGTERM)
	p := &program{out: os.Stdout, errs: os.Stderr, environ: os.Environ()}
	err := p.dispatch(ctx, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

// untilSignal ends with the first signal. The next one ends the process at
// once: the signals have their own way again before the context ends, so that
// none that comes after is swallowed. Its goroutine lives as long as the process.
func untilSignal(signals ...os.Signal) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan os.Signal, 1)
	signal.Notify(first, signals...)
	go func() {
		<-first
		signal.Reset(signals...)
		cancel()
	}()
	return ctx
}

var errUsage = errors.New("usage")

func (p *program) dispatch(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, p, args[1:])
			}
		}
	}
	fmt.Fprintln(p.errs, "Tongban (通办): one case, one custodian, one evidence chain.\n\nusage: hub COMMAND [-h] [flags]")
	for _, c := range commands() {
		fmt.Fprintf(p.errs, "  %-9s %s\n", c.name, c.usage)
	}
	if len(args) > 0 && args[0] != "-h" && args[0] != "--help" && args[0] != "help" {
		fmt.Fprintf(p.errs, "\nunknown command %q\n", args[0])
		return errUsage
	}
	return nil
}
