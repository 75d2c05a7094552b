package apart

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// greeting is the first that a child says. Its number changes with the frames.
const greeting = "tongban apart 1\n"

// maxFrame is the largest request or answer, in bytes.
const maxFrame = 64 << 10

// frameHead is the length of what follows and the number of the request, both
// of four bytes, the highest first.
const frameHead = 8

var errFrame = errors.New("a frame breaks the rules")

// writeFrame sends one request or answer.
func writeFrame(w io.Writer, number uint32, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("%w: %d bytes", errFrame, len(payload))
	}
	b := make([]byte, frameHead, frameHead+len(payload))
	binary.BigEndian.PutUint32(b, uint32(len(payload)))
	binary.BigEndian.PutUint32(b[4:], number)
	_, err := w.Write(append(b, payload...))
	return err
}

// readFrame receives one. It takes no more memory than the largest frame,
// whatever the head announces. io.EOF says that the other side is done.
func readFrame(r io.Reader) (number uint32, payload []byte, err error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("%w: %d bytes announced", errFrame, n)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return binary.BigEndian.Uint32(head[4:]), payload, nil
}
