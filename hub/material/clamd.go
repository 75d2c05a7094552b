package material

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"tongban/hub"
)

// Scanner asks clamd, the daemon of ClamAV, about files. It is safe for
// concurrent use and keeps no connection.
type Scanner struct{ network, address string }

// NewScanner takes an address: "unix:/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl",
// "tcp:host:port" or "host:port".
func NewScanner(address string) (*Scanner, error) {
	network, rest, found := strings.Cut(address, ":")
	switch {
	case found && network == "unix" && rest != "":
		return &Scanner{"unix", rest}, nil
	case strings.HasPrefix(address, "/"):
		return &Scanner{"unix", address}, nil
	case found && network == "tcp":
		address = rest
	}
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return nil, fmt.Errorf("address of clamd: %q is neither unix:/path nor host:port", address)
	}
	return &Scanner{"tcp", address}, nil
}

// errTooLarge says that the file is past the scanner's StreamMaxLength.
var errTooLarge = errors.New("clamd: stream limit exceeded")

// scanStall is how long the daemon may take nothing and say nothing.
const scanStall = 2 * time.Minute

// Scan sends a file. ScanClean and ScanFound with the signature are answers;
// ScanTooLarge is one as well, and means not scanned. Any error means not
// scanned: Unavailable.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (state hub.ScanState, signature string, err error) {
	answer, err := s.ask(ctx, r)
	if errors.Is(err, errTooLarge) {
		return hub.ScanTooLarge, "", nil
	}
	if err != nil {
		return hub.ScanFailed, "", hub.Wrap(hub.Unavailable, err, "the virus scanner did not answer")
	}
	if answer == "" {
		return hub.ScanClean, "", nil
	}
	return hub.ScanFound, answer, nil
}

func (s *Scanner) ask(ctx context.Context, r io.Reader) (signature string, err error) {
	c, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) }) // a connection that is gone ends by itself
	defer stop()
	sent := send(ctx, c, r)
	// The daemon answers before it closes: its word says more than a broken pipe.
	if sent != nil && !isNetwork(sent) {
		return "", sent
	}
	line, err := bufio.NewReader(io.LimitReader(c, 4096)).ReadString(0)
	return verdict(strings.TrimSuffix(line, "\x00"), errors.Join(sent, err))
}

func isNetwork(err error) bool {
	_, ok := errors.AsType[*net.OpError](err)
	return ok
}

// send writes the file in chunks, each behind its length, and an empty one.
func send(ctx context.Context, c net.Conn, r io.Reader) error {
	if _, err := c.Write([]byte("zINSTREAM\x00")); err != nil {
		return err
	}
	buf := make([]byte, 4+64<<10)
	for {
		n, err := io.ReadFull(r, buf[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if ctx.Err() == nil {
			if err := c.SetDeadline(time.Now().Add(scanStall)); err != nil {
				return err
			}
		}
		binary.BigEndian.PutUint32(buf, uint32(n)) // 0 ends
		if _, err := c.Write(buf[:4+n]); err != nil || n == 0 {
			return err
		}
	}
}

func verdict(line string, err error) (signature string, _ error) {
	found, isFound := strings.CutSuffix(line, " FOUND")
	name, isStream := strings.CutPrefix(found, "stream: ")
	switch {
	case line == "stream: OK":
		return "", nil
	case isFound && isStream && name != "":
		return name, nil
	case strings.Contains(line, "size limit exceeded"):
		return "", errTooLarge
	case line != "":
		return "", errors.New("clamd: " + line)
	}
	return "", errors.Join(errors.New("clamd: no answer"), err)
}
