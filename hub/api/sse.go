package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"tongban/hub"
	"tongban/hub/signin"
)

func (s *Server) streamRoutes() {
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/stream", OperationID: "stream-changes", Tags: []string{tagLive},
		Summary: "动态 What changed in my queues, as it changes",
		Description: "Server-sent events: case (a case changed), gone (you may no longer see it), reset (load your lists again), " +
			"end (your session has ended). A change may be told twice; compare seq.",
		Responses: map[string]*huma.Response{"200": {Description: "an endless stream", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}},
		}}},
	}, s.stream)
}

type streamInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"20" doc:"go on after this event"`
}

func (s *Server) stream(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	sess := caller(ctx)
	if err := s.cfg.Policy.Authorize(sess.Actor(), hub.CaseList, nil); err != nil {
		return nil, err
	}
	sub, err := s.live.join(sess.Person.ID)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(s.streams, cancel)
	f := &feed{s: s, sess: sess, sub: sub, scope: s.cfg.Policy.Scope(sess.Actor()), told: map[hub.CaseID]bool{}}
	body, err := s.produce(ctx, func(ctx context.Context, w *pipeWriter) error {
		defer s.live.leave(sub)
		f.w = w
		return f.run(ctx, in.LastEventID)
	})
	if err != nil {
		stop()
		cancel()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
		c.Set("X-Accel-Buffering", "no")
		s.send(c, body, -1, func() { stop(); cancel() })
	}}, nil
}

// feed writes one listener's stream. It is used by one goroutine.
type feed struct {
	s     *Server
	sess  signin.Session
	sub   *listener
	scope hub.Scope
	w     *pipeWriter
	told  map[hub.CaseID]bool // cases the client has heard of, to tell when one goes
}

const (
	maxTold = 10_000
	// maxReplay is how far back Last-Event-ID may reach.
	maxReplay = 10 * time.Minute
)

// changeView is what a change tells: enough to load the case, nothing personal.
type changeView struct {
	ID     hub.CaseID  `json:"id"`
	Number string      `json:"number"`
	Seq    int64       `json:"seq"`
	Status hub.Status  `json:"status"`
	Queues []hub.Queue `json:"queues"`
}

// run writes until the client, the session or the server goes. A client that
// has gone is noticed by a write that fails.
func (f *feed) run(ctx context.Context, lastEvent string) error {
	if err := f.frame(": listening\nretry: 2000\n\n"); err != nil {
		return nil // the client has gone, which ends a stream well
	}
	if err := f.replay(ctx, lastEvent); err != nil {
		return err
	}
	beat := time.NewTicker(f.s.cfg.Limits.Heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case b := <-f.sub.queue:
			err = f.batch(b)
		case <-beat.C:
			if !f.renew(ctx) {
				_ = f.frame("event: end\ndata: {}\n\n") // the stream ends either way
				return nil
			}
			err = f.frame(": beat\n\n")
		}
		if err != nil {
			return nil // the client has gone, which ends a stream well
		}
		if f.sub.lost.Swap(false) {
			if err := f.frame("event: reset\ndata: {}\n\n"); err != nil {
				return nil // the client has gone, which ends a stream well
			}
		}
	}
}

// renew looks whether the session still holds, and what it now may see. A
// store that does not answer ends nothing.
func (f *feed) renew(ctx context.Context) bool {
	sess, err := f.s.cfg.SignIn.Peek(ctx, f.sess.Token)
	if err != nil {
		return hub.ErrorCode(err) != hub.Unauthenticated
	}
	if sess.Weak {
		return false
	}
	sess.Token = f.sess.Token
	f.sess, f.scope = sess, f.s.cfg.Policy.Scope(sess.Actor())
	return true
}

// replay tells what was missed since an event, or that it is too much.
func (f *feed) replay(ctx context.Context, lastEvent string) error {
	if lastEvent == "" {
		return nil
	}
	ms, err := strconv.ParseInt(lastEvent, 10, 64)
	since, now := time.UnixMilli(ms), f.s.cfg.Now()
	if err != nil || since.Before(now.Add(-maxReplay)) || since.After(now.Add(maxReplay)) {
		return f.frame("event: reset\ndata: {}\n\n")
	}
	for range 4 {
		rows, next, err := f.s.cfg.Index.Changed(ctx, since, pollLimit)
		if err != nil {
			return fmt.Errorf("replay changes: %w", err)
		}
		if err := f.batch(batch{rows, next}); err != nil || len(rows) < pollLimit {
			return err
		}
		since = next
	}
	return f.frame("event: reset\ndata: {}\n\n")
}

// batch writes the changes this listener may see. Only the last carries an id:
// going on after it must miss none of the batch.
func (f *feed) batch(b batch) error {
	var frames []string
	for i := range b.rows {
		r := &b.rows[i]
		event, v := "case", any(changeView{r.ID, r.Number, r.Seq, r.Status, ownQueues(*r, f.sess.Person.Agency)})
		if !sees(f.scope, r) {
			if !f.told[r.ID] {
				continue
			}
			delete(f.told, r.ID)
			event, v = "gone", struct {
				ID hub.CaseID `json:"id"`
			}{r.ID}
		} else if len(f.told) < maxTold {
			f.told[r.ID] = true
		}
		data, err := hub.Marshal(v)
		if err != nil {
			return fmt.Errorf("encode change: %w", err)
		}
		frames = append(frames, fmt.Sprintf("event: %s\ndata: %s\n\n", event, data))
	}
	for i, frame := range frames {
		if i == len(frames)-1 {
			frame = fmt.Sprintf("id: %d\n%s", b.next.UnixMilli(), frame)
		}
		if err := f.frame(frame); err != nil {
			return err
		}
	}
	return nil
}

func (f *feed) frame(text string) error {
	if _, err := f.w.WriteString(text); err != nil {
		return err
	}
	return f.w.Flush()
}
