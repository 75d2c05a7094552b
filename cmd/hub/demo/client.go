package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client is one signed-in person who knows nothing but the HTTP interface.
type client struct {
	name  string
	base  string
	token string
	lang  string // of the hub's words
	http  *http.Client
}

// problem is an answer that says no (RFC 9457).
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer string `json:"pointer"`
		Code    string `json:"code"`
	} `json:"errors"`
}

func (p *problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s: %s", p.Status, p.Code, p.Detail)
	for _, e := range p.Errors {
		fmt.Fprintf(&b, " [%s %s]", e.Pointer, e.Code)
	}
	return b.String()
}

func isProblem(err error) bool {
	_, ok := errors.AsType[*problem](err)
	return ok
}

func hasCode(err error, code string) bool {
	p, ok := errors.AsType[*problem](err)
	return ok && p.Code == code
}

// request is one call; every command carries a fresh idempotency key, which
// stays the same when the call has to be made again.
type request struct {
	method, path string
	body         any    // JSON, or
	raw          []byte // bytes
	header       map[string]string
	key          string
}

// command is a POST that changes a case.
func command(path string, body any) request {
	return request{method: http.MethodPost, path: path, body: body, key: rand.Text()}
}

func get(path string) request { return request{method: http.MethodGet, path: path} }

// patience is how long a call is repeated while the hub is away. Repeating is
// safe: reads change nothing, files go by digest, commands by their key.
const patience = 60 * time.Second

// do calls until the hub answers and puts the answer into out: an io.Writer
// takes its bytes, anything else is decoded from JSON, nil drops it.
func (c *client) do(ctx context.Context, r request, out any) error {
	body := r.raw
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return err
		}
	}
	deadline := time.Now().Add(patience)
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := c.once(ctx, r, body, out)
		away := err != nil && (!isProblem(err) || hasCode(err, "unavailable"))
		if !away || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		if b, ok := out.(*bytes.Buffer); ok {
			b.Reset()
		} else if _, ok := out.(io.Writer); ok {
			return err // what is written cannot be taken back
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (c *client) once(ctx context.Context, r request, body []byte, out any) error {
	resp, err := c.send(ctx, r, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch w := out.(type) {
	case nil:
		_, err = io.Copy(io.Discard, resp.Body)
	case io.Writer:
		_, err = io.Copy(w, resp.Body)
	default:
		err = json.NewDecoder(resp.Body).Decode(out)
	}
	if err != nil {
		return fmt.Errorf("%s %s: read answer: %w", r.method, r.path, err)
	}
	return nil
}

// send makes one call; an answer that says no is a *problem.
func (c *client) send(ctx context.Context, r request, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Accept-Language", c.lang)
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	p := &problem{Status: resp.StatusCode}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(p); err != nil {
		p.Code, p.Detail = "unreadable", resp.Status
	}
	return nil, fmt.Errorf("%s %s: %w", r.method, r.path, p)
}

// upload streams one file and checks what the hub says it got.
func (c *client) upload(ctx context.Context, data []byte, mediaType string) (string, error) {
	sum := sha256.Sum256(data)
	var got struct {
		Digest string `json:"digest"`
		Size   int64  `json:"size"`
		Type   string `json:"type"`
	}
	err := c.do(ctx, request{
		method: http.MethodPut, path: "/api/v1/uploads", raw: data,
		header: map[string]string{
			"Content-Type": "application/octet-stream",
			"Repr-Digest":  "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":",
		},
	}, &got)
	if err != nil {
		return "", err
	}
	if want := fmt.Sprintf("sha256:%x", sum); got.Digest != want || got.Size != int64(len(data)) || got.Type != mediaType {
		return "", fmt.Errorf("upload: the hub got %+v, sent %s of %d bytes as %s", got, want, len(data), mediaType)
	}
	return got.Digest, nil
}

// signIn asks for a token.
func signIn(ctx context.Context, hc *http.Client, base string, who Account, lang string) (*client, error) {
	c := &client{name: who.Login, base: strings.TrimSuffix(base, "/"), http: hc, lang: lang}
	var got struct {
		Token string `json:"token"`
	}
	err := c.do(ctx, request{
		method: http.MethodPost, path: "/api/v1/session",
		body: map[string]any{"login": who.Login, "password": who.Password, "bearer": true},
	}, &got)
	if err != nil {
		return nil, fmt.Errorf("sign in %s: %w", who.Login, err)
	}
	if got.Token == "" {
		return nil, fmt.Errorf("sign in %s: no token", who.Login)
	}
	c.token = got.Token
	return c, nil
}

// eventually asks until yes, with a deadline; why says what is missing.
func eventually(ctx context.Context, ask func() (ok bool, why string, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	wait := 5 * time.Millisecond
	for {
		ok, why, err := ask()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up waiting: %s", why)
		case <-time.After(wait):
			wait = min(2*wait, 500*time.Millisecond)
		}
	}
}

// Account is one way in.
type Account struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}
