package wireproxy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
	"go.mongodb.org/mongo-driver/x/mongo/driver/wiremessage"
)

const (
	opQuery     = wiremessage.OpCode(2004)
	headerSize  = 16
	maxMessage  = 48_000_000 + 16<<10
	opReplySize = headerSize + 4 + 8 + 4 + 4 // header and fixed fields of OP_REPLY
)

var errMalformed = errors.New("malformed wire message")

// message is one wire message with its header decoded.
type message struct {
	raw                   []byte
	requestID, responseTo int32
	op                    wiremessage.OpCode
}

func readMessage(r io.Reader) (message, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return message{}, err
	}
	n := int(binary.LittleEndian.Uint32(size[:]))
	if n < headerSize || n > maxMessage {
		return message{}, errMalformed
	}
	raw := make([]byte, n)
	copy(raw, size[:])
	if _, err := io.ReadFull(r, raw[4:]); err != nil {
		return message{}, err
	}
	_, id, to, op, _, ok := wiremessage.ReadHeader(raw)
	if !ok {
		return message{}, errMalformed
	}
	return message{raw: raw, requestID: id, responseTo: to, op: op}, nil
}

// command decodes a request; false for anything but a command with a reply.
func (m message) command() (command, bool) {
	body := m.raw[headerSize:]
	switch m.op {
	case opQuery:
		return queryCommand(body)
	case wiremessage.OpMsg:
		return msgCommand(body)
	}
	return command{}, false
}

// queryCommand reads an OP_QUERY: flags, name of the collection, two numbers, query.
// Drivers send their first hello so.
func queryCommand(body []byte) (command, bool) {
	const flags, numbers = 4, 8
	if len(body) < flags {
		return command{}, false
	}
	_, rest, ok := bytes.Cut(body[flags:], []byte{0})
	if !ok || len(rest) < numbers {
		return command{}, false
	}
	doc, _, ok := bsoncore.ReadDocument(rest[numbers:])
	if !ok {
		return command{}, false
	}
	return newCommand(doc, 0)
}

func msgCommand(body []byte) (command, bool) {
	flags, body, ok := wiremessage.ReadMsgFlags(body)
	if !ok || flags&wiremessage.MoreToCome != 0 {
		return command{}, false
	}
	if flags&wiremessage.ChecksumPresent != 0 && len(body) >= 4 {
		body = body[:len(body)-4]
	}
	var doc bsoncore.Document
	sequences := 0
	for len(body) > 0 {
		kind, rest, ok := wiremessage.ReadMsgSectionType(body)
		if !ok {
			return command{}, false
		}
		if kind == wiremessage.SingleDocument {
			doc, body, ok = wiremessage.ReadMsgSectionSingleDocument(rest)
		} else {
			var docs []bsoncore.Document
			_, docs, body, ok = wiremessage.ReadMsgSectionDocumentSequence(rest)
			sequences += len(docs)
		}
		if !ok {
			return command{}, false
		}
	}
	return newCommand(doc, sequences)
}

// withReply returns the answer with its document changed by change.
func (m message) withReply(change func(bson.D) bson.D) (message, error) {
	start := 0
	switch {
	case m.op == wiremessage.OpReply && len(m.raw) > opReplySize:
		start = opReplySize
	case m.op == wiremessage.OpMsg && len(m.raw) > headerSize+5:
		start = headerSize + 5 // flags and the section's kind byte
	default:
		return message{}, errMalformed
	}
	var reply bson.D
	if err := bson.Unmarshal(m.raw[start:], &reply); err != nil {
		return message{}, fmt.Errorf("decode the reply: %w", err)
	}
	doc, err := bson.Marshal(change(reply))
	if err != nil {
		return message{}, fmt.Errorf("encode the reply: %w", err)
	}
	raw := slices.Concat(m.raw[:start], doc)
	if m.op == wiremessage.OpMsg { // a checksum would be wrong now
		binary.LittleEndian.PutUint32(raw[headerSize:], 0)
	}
	binary.LittleEndian.PutUint32(raw, uint32(len(raw)))
	m.raw = raw
	return m, nil
}

func newReply(responseTo int32, reply bson.D) (message, error) {
	doc, err := bson.Marshal(reply)
	if err != nil {
		return message{}, fmt.Errorf("encode the reply: %w", err)
	}
	id := wiremessage.NextRequestID()
	idx, raw := wiremessage.AppendHeaderStart(nil, id, responseTo, wiremessage.OpMsg)
	raw = wiremessage.AppendMsgFlags(raw, 0)
	raw = wiremessage.AppendMsgSectionType(raw, wiremessage.SingleDocument)
	raw = append(raw, doc...)
	raw = bsoncore.UpdateLength(raw, idx, int32(len(raw)))
	return message{raw: raw, requestID: id, responseTo: responseTo, op: wiremessage.OpMsg}, nil
}
