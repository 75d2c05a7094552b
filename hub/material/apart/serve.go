package apart

import (
	"errors"
	"io"
	"os"
	"strconv"
)

// Self is the command that starts the running program again with a hidden
// subcommand. It is nil in a process that was started that way: no child has
// children, also where a program forgot to call [Run].
func Self(subcommand string) []string {
	if os.Getenv(mark) != "" {
		return nil
	}
	self, err := selfPath()
	if err != nil {
		return nil
	}
	return []string{self, subcommand}
}

// mark is set in the environment of every child.
const mark = "APART_CHILD"

// Run does the work of a child, and never returns, when the running program was
// started as one by the subcommand. A program that gives [Self] to a [Group]
// calls it first of all.
//
// handle turns one request into its answer. It is called by one goroutine.
func Run(subcommand string, handle func(request []byte) []byte) {
	if len(os.Args) != 4 || os.Args[1] != subcommand || os.Getenv(mark) == "" {
		return
	}
	memory, err := strconv.ParseInt(os.Args[2], 10, 64)
	place, err2 := strconv.Atoi(os.Args[3])
	if err != nil || err2 != nil {
		os.Exit(2)
	}
	if err := confine(memory, place); err != nil {
		_, _ = os.Stderr.WriteString("limits: " + err.Error() + "\n") // there is nobody else to tell
		os.Exit(3)
	}
	if err := answer(os.Stdin, os.Stdout, handle); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n") // as above
		os.Exit(4)
	}
	os.Exit(0)
}

// answer serves requests until the parent closes the pipe or is gone.
func answer(in io.Reader, out io.Writer, handle func([]byte) []byte) error {
	if _, err := io.WriteString(out, greeting); err != nil {
		return err
	}
	for {
		number, request, err := readFrame(in)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := writeFrame(out, number, handle(request)); err != nil {
			return err
		}
	}
}
