package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/digitorus/timestamp"
)

// Stamper answers time stamp queries (RFC 3161, DER both ways).
type Stamper interface {
	Stamp(ctx context.Context, query []byte) (reply []byte, err error)
}

// maxStamp is more than any token with its certificates.
const maxStamp = 64 << 10

// relay stands between the signing library and the stamper. The library only
// takes an address, waits for ever and looks at nothing; behind the relay the
// caller's context ends the wait and every token is checked against its query.
// It listens on loopback, and each seal has a path that nobody can guess.
type relay struct {
	server *http.Server
	base   string
	stamp  Stamper
	ended  chan struct{}

	mu      sync.Mutex
	tickets map[string]*ticket // guarded by mu
}

// ticket is the right to one seal's time stamps.
type ticket struct {
	r    *relay
	url  string
	path string
	ctx  context.Context

	mu  sync.Mutex
	at  time.Time // guarded by mu
	err error     // guarded by mu
}

func newRelay(s Stamper) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("seal: listen for time stamps: %w", err)
	}
	r := &relay{base: "http://" + l.Addr().String(), stamp: s, ended: make(chan struct{}), tickets: map[string]*ticket{}}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
	r.server.SetKeepAlivesEnabled(false)
	go func() {
		defer close(r.ended)
		_ = r.server.Serve(l) // always ends with ErrServerClosed, by close
	}()
	return r, nil
}

func (r *relay) close() error {
	err := r.server.Close()
	<-r.ended
	return err
}

func (r *relay) open(ctx context.Context) *ticket {
	t := &ticket{r: r, path: "/" + rand.Text(), ctx: ctx}
	t.url = r.base + t.path
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tickets[t.path] = t
	return t
}

// close ends the right and tells the time of the last stamp.
func (t *ticket) close() (time.Time, error) {
	t.r.mu.Lock()
	delete(t.r.tickets, t.path)
	t.r.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at, t.err
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	t := r.tickets[req.URL.Path]
	r.mu.Unlock()
	if t == nil || req.Method != http.MethodPost {
		http.NotFound(w, req)
		return
	}
	reply, at, err := r.answer(t.ctx, http.MaxBytesReader(w, req.Body, maxStamp))
	t.mu.Lock()
	t.at, t.err = at, err
	t.mu.Unlock()
	if err != nil {
		http.Error(w, "no time stamp", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(reply)
}

// answer gets a token and checks that it is one for this query.
func (r *relay) answer(ctx context.Context, body io.Reader) ([]byte, time.Time, error) {
	query, err := io.ReadAll(body)
	if err != nil {
		return nil, time.Time{}, err
	}
	asked, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("query: %w", err)
	}
	reply, err := r.stamp.Stamp(ctx, query)
	if err != nil {
		return nil, time.Time{}, err
	}
	token, err := parseReply(reply)
	switch {
	case err != nil:
		return nil, time.Time{}, err
	case token.HashAlgorithm != asked.HashAlgorithm || !bytes.Equal(token.HashedMessage, asked.HashedMessage):
		return nil, time.Time{}, errors.New("the time stamp is for something else")
	case asked.Nonce != nil && (token.Nonce == nil || token.Nonce.Cmp(asked.Nonce) != 0):
		return nil, time.Time{}, errors.New("the time stamp answers another query")
	}
	return reply, token.Time, nil
}

// parseReply checks the token's signature too, where its certificate is inside.
func parseReply(reply []byte) (t *timestamp.Timestamp, err error) {
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, fmt.Errorf("time stamp: panic: %v", r)
		}
	}()
	if t, err = timestamp.ParseResponse(reply); err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	if len(t.Certificates) == 0 {
		return nil, errors.New("time stamp: it has no certificate")
	}
	return t, nil
}
