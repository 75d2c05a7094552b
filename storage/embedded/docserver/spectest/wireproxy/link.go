package wireproxy

import (
	"net"
	"sync"

	"go.mongodb.org/mongo-driver/bson"
)

// replyAction is what happens to the server's answer to one request.
type replyAction int

const (
	forwardReply   replyAction = iota
	dropReply                  // the command was executed, the client never hears of it
	amendReply                 // a write concern error is added to the answer
	readdressReply             // an answer to hello: the proxy is the only host
)

// link is one client connection and its server connection.
type link struct {
	proxy          *Proxy
	client, server net.Conn

	mu       sync.Mutex // guards pending, concern and writes to client
	pending  map[int32]replyAction
	concerns map[int32]concernError
}

func (l *link) close() {
	_ = l.client.Close()
	_ = l.server.Close()
}

// requests copies client → server and applies the fail point.
func (l *link) requests() {
	defer l.close()
	for {
		m, err := readMessage(l.client)
		if err != nil {
			return
		}
		cmd, ok := m.command()
		v := pass
		if ok {
			v = l.proxy.decide(cmd)
		}
		switch v.kind {
		case kindCloseBefore:
			return
		case kindError:
			if err := l.answer(m, v.reply); err != nil {
				return
			}
			continue
		case kindCloseAfter:
			l.expect(m.requestID, dropReply)
		case kindConcern:
			l.expectConcern(m.requestID, v.concern)
		case kindPass:
			if ok && cmd.isHello() {
				l.expect(m.requestID, readdressReply)
			}
		}
		if _, err := l.server.Write(m.raw); err != nil {
			return
		}
	}
}

// replies copies server → client.
func (l *link) replies() {
	defer l.close()
	for {
		m, err := readMessage(l.server)
		if err != nil {
			return
		}
		action, concern := l.take(m.responseTo)
		switch action {
		case dropReply:
			return
		case amendReply:
			m, err = m.withReply(concern.amend)
		case readdressReply:
			m, err = m.withReply(l.readdress)
		case forwardReply:
		}
		if err != nil {
			return
		}
		l.mu.Lock()
		_, err = l.client.Write(m.raw)
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (l *link) expect(requestID int32, a replyAction) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending[requestID] = a
}

func (l *link) expectConcern(requestID int32, c concernError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending[requestID] = amendReply
	if l.concerns == nil {
		l.concerns = map[int32]concernError{}
	}
	l.concerns[requestID] = c
}

func (l *link) take(requestID int32) (replyAction, concernError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, c := l.pending[requestID], l.concerns[requestID]
	delete(l.pending, requestID)
	delete(l.concerns, requestID)
	return a, c
}

func (l *link) answer(request message, reply bson.D) error {
	m, err := newReply(request.requestID, reply)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.client.Write(m.raw)
	return err
}

// readdress makes the proxy the one member of the replica set, and leaves out
// topologyVersion so that the driver polls instead of streaming.
func (l *link) readdress(reply bson.D) bson.D {
	out := make(bson.D, 0, len(reply))
	for _, e := range reply {
		switch e.Key {
		case "hosts":
			e.Value = bson.A{l.proxy.Addr()}
		case "me", "primary":
			e.Value = l.proxy.Addr()
		case "passives", "arbiters", "topologyVersion":
			continue
		}
		out = append(out, e)
	}
	return out
}
