package docserver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.mongodb.org/mongo-driver/x/mongo/driver/wiremessage"

	"tongban/storage/embedded/docserver/internal/value"
)

// opQuery is the old request that drivers still begin a connection with.
const opQuery wiremessage.OpCode = 2004

// errWire says that a client does not speak the protocol; its connection ends.
var errWire = errors.New("malformed wire message")

// message is one request as it came over the wire.
type message struct {
	id      int32
	query   bool // came as OP_QUERY, answered as OP_REPLY
	noReply bool
	body    []byte              // the command document
	lists   map[string][][]byte // documents sent beside it, by argument name
	db      string              // from OP_QUERY's namespace
}

const headerBytes = 16

// readMessage reads one message; buf is grown as needed and holds its bytes
// until the next call. Every document of the message is validated.
func readMessage(r io.Reader, buf *[]byte) (*message, error) {
	var head [headerBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := int(int32(binary.LittleEndian.Uint32(head[:])))
	if n < headerBytes+4 || n > maxMessageBytes {
		return nil, fmt.Errorf("%w: length %d", errWire, n)
	}
	b, err := readBody(r, buf, n-headerBytes)
	if err != nil {
		return nil, err
	}
	return parseMessage(head, b)
}

// readBody reads n bytes. Beyond keepBytes it grows with what really arrives,
// so that a false length costs the sender as much as us.
func readBody(r io.Reader, buf *[]byte, n int) ([]byte, error) {
	b := (*buf)[:0]
	for len(b) < n {
		step := min(n-len(b), max(keepBytes, len(b)))
		if cap(b)-len(b) < step {
			grown := make([]byte, len(b), len(b)+step)
			copy(grown, b)
			b = grown
		}
		if _, err := io.ReadFull(r, b[len(b):len(b)+step]); err != nil {
			return nil, err
		}
		b = b[:len(b)+step]
	}
	*buf = b
	return b, nil
}

func parseMessage(head [headerBytes]byte, b []byte) (*message, error) {
	m := &message{id: int32(binary.LittleEndian.Uint32(head[4:]))}
	var err error
	switch op := wiremessage.OpCode(binary.LittleEndian.Uint32(head[12:])); op {
	case wiremessage.OpMsg:
		err = m.parseMsg(b)
	case opQuery:
		err = m.parseQuery(b)
	default:
		return nil, fmt.Errorf("%w: operation code %d", errWire, op)
	}
	if err != nil {
		return nil, err
	}
	if value.Count(m.body) == 0 {
		return nil, fmt.Errorf("%w: empty command", errWire)
	}
	return m, nil
}

func (m *message) parseMsg(b []byte) error {
	flags, rest, ok := wiremessage.ReadMsgFlags(b)
	if !ok || flags&0xFFFF&^(wiremessage.ChecksumPresent|wiremessage.MoreToCome|wiremessage.ExhaustAllowed) != 0 {
		return fmt.Errorf("%w: flags", errWire)
	}
	m.noReply = flags&wiremessage.MoreToCome != 0
	if flags&wiremessage.ChecksumPresent != 0 {
		if len(rest) < 4 {
			return fmt.Errorf("%w: checksum", errWire)
		}
		rest = rest[:len(rest)-4]
	}
	for len(rest) > 0 {
		kind := rest[0]
		var err error
		switch kind {
		case 0:
			rest, err = m.parseBody(rest[1:])
		case 1:
			rest, err = m.parseList(rest[1:])
		default:
			err = fmt.Errorf("%w: section kind %d", errWire, kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *message) parseBody(b []byte) ([]byte, error) {
	if m.body != nil {
		return nil, fmt.Errorf("%w: two bodies", errWire)
	}
	doc, rest, err := readDoc(b)
	m.body = doc
	return rest, err
}

func (m *message) parseList(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("%w: section", errWire)
	}
	n := int(int32(binary.LittleEndian.Uint32(b)))
	if n < 5 || n > len(b) {
		return nil, fmt.Errorf("%w: section length", errWire)
	}
	section, rest := b[4:n], b[n:]
	end := bytes.IndexByte(section[:min(len(section), 64)], 0)
	if end <= 0 {
		return nil, fmt.Errorf("%w: section name", errWire)
	}
	name := string(section[:end])
	if m.lists == nil {
		m.lists = map[string][][]byte{}
	}
	if _, twice := m.lists[name]; twice {
		return nil, fmt.Errorf("%w: two sections %q", errWire, name)
	}
	docs := [][]byte{}
	for section = section[end+1:]; len(section) > 0; {
		doc, more, err := readDoc(section)
		if err != nil {
			return nil, err
		}
		docs, section = append(docs, doc), more
	}
	m.lists[name] = docs
	return rest, nil
}

func (m *message) parseQuery(b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("%w: query flags", errWire)
	}
	end := bytes.IndexByte(b[4:], 0)
	if end < 0 || len(b) < 4+end+1+8 {
		return fmt.Errorf("%w: query namespace", errWire)
	}
	ns, rest := string(b[4:4+end]), b[4+end+1:] // then how many to skip and to return
	doc, _, err := readDoc(rest[8:])
	if err != nil {
		return err
	}
	m.db, _, _ = strings.Cut(ns, ".")
	m.query, m.body = true, doc
	return nil
}

// readDoc splits one validated document from the front of b.
func readDoc(b []byte) (doc, rest []byte, err error) {
	if len(b) < 5 {
		return nil, nil, fmt.Errorf("%w: document", errWire)
	}
	n := int(int32(binary.LittleEndian.Uint32(b)))
	if n < 5 || n > len(b) {
		return nil, nil, fmt.Errorf("%w: document length", errWire)
	}
	if err := value.Validate(b[:n]); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errWire, err)
	}
	return b[:n:n], b[n:], nil
}

// appendReply appends the whole reply message with document doc.
func (m *message) appendReply(dst, doc []byte) []byte {
	op := wiremessage.OpMsg
	if m.query {
		op = wiremessage.OpReply
	}
	idx, dst := wiremessage.AppendHeaderStart(dst, wiremessage.NextRequestID(), m.id, op)
	if m.query {
		dst = wiremessage.AppendReplyFlags(dst, wiremessage.AwaitCapable)
		dst = wiremessage.AppendReplyCursorID(dst, 0)
		dst = wiremessage.AppendReplyStartingFrom(dst, 0)
		dst = wiremessage.AppendReplyNumberReturned(dst, 1)
	} else {
		dst = wiremessage.AppendMsgFlags(dst, 0)
		dst = wiremessage.AppendMsgSectionType(dst, wiremessage.SingleDocument)
	}
	dst = append(dst, doc...)
	binary.LittleEndian.PutUint32(dst[idx:], uint32(len(dst)))
	return dst
}
