// Command server is one of the media servers that the bench measures, "sfu",
// "plain" or "recorded", in a process of its own. It prints its URL and serves until it is
// told to end.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tongban/video/load"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: server sfu|plain|recorded FOLDER")
		os.Exit(2)
	}
	if err := load.Serve(ctx, os.Args[1], os.Args[2], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}
