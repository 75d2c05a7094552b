package spectest

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"tongban/storage/embedded/docserver"
)

// serveEnv makes the test binary a server on the file it names, to be killed.
const serveEnv = "SPECTEST_SERVE"

func TestMain(m *testing.M) {
	if path := os.Getenv(serveEnv); path != "" {
		if err := serve(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve runs the server until the parent closes our standard input, which the
// kernel does for a parent that dies.
func serve(path string) error {
	s, err := docserver.Open(context.Background(), docserver.Config{Path: path, Addr: "127.0.0.1:0", Insecure: true})
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	fmt.Println(s.URI())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return s.Close()
}
