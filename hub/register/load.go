package register

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"tongban/hub/exact"
)

// SeedFormat opens a file of initial bookings.
const SeedFormat = "tongban.register-seed/1"

// maxSeed bounds a file of initial bookings.
const maxSeed = 64 << 20

// Seed is a file of initial bookings, in order.
type Seed struct {
	Agency   string
	Bookings []SeedBooking
}

// SeedBooking is one booking of a seed. Its source is the office, or a court
// for seizures.
type SeedBooking struct {
	Source Source
	Steps  []Step
}

type seedDoc struct {
	Format   string           `json:"format"`
	Agency   string           `json:"agency"`
	Bookings []seedBookingDoc `json:"bookings"`
}

type seedBookingDoc struct {
	Source Source        `json:"source"`
	Steps  []seedStepDoc `json:"steps"`
}

type seedStepDoc struct {
	Kind         OpKind          `json:"kind"`
	Data         json.RawMessage `json:"data"`
	Certificates []string        `json:"certificates,omitempty"`
}

// ReadSeed reads a seed strictly. Malformed names the booking and the step.
func ReadSeed(from io.Reader) (*Seed, error) {
	raw, err := io.ReadAll(io.LimitReader(from, maxSeed+1))
	if err != nil {
		return nil, fmt.Errorf("read seed: %w", err)
	}
	if len(raw) > maxSeed {
		return nil, Fail(Malformed, "the seed is too large")
	}
	var d seedDoc
	if err := exact.Unmarshal(raw, &d); err != nil {
		return nil, &Error{Reason: Malformed, Message: "the seed is not readable", Err: err}
	}
	if d.Format != SeedFormat || d.Agency == "" {
		return nil, Fail(Malformed, "the seed is not of a known form or names no registry")
	}
	s := &Seed{Agency: d.Agency}
	for i, b := range d.Bookings {
		if b.Source.Kind == FromCase || len(b.Steps) == 0 {
			return nil, Fail(Malformed, "seed booking "+itoa(i)+": needs steps, and no case as its source")
		}
		out := SeedBooking{Source: b.Source}
		for n, st := range b.Steps {
			op, err := readOp(st.Kind, st.Data)
			if err != nil {
				return nil, &Error{Reason: Malformed, Message: "seed booking " + itoa(i) + ", step " + itoa(n), Err: err}
			}
			var l faults
			if op.faults(&l); len(l.fields) > 0 {
				return nil, Fail(Malformed, "seed booking "+itoa(i)+", step "+itoa(n)+": "+l.fields[0])
			}
			out.Steps = append(out.Steps, Step{Op: op, Certificates: st.Certificates})
		}
		s.Bookings = append(s.Bookings, out)
	}
	return s, nil
}

// WriteTo writes the seed in the form that ReadSeed reads, one booking a line.
func (s *Seed) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	head, err := exact.Marshal(s.Agency)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(&b, "{\"format\":%q,\"agency\":%s,\"bookings\":[", SeedFormat, head)
	for i, x := range s.Bookings {
		d := seedBookingDoc{Source: x.Source}
		for _, st := range x.Steps {
			data, err := exact.Marshal(st.Op)
			if err != nil {
				return 0, err
			}
			d.Steps = append(d.Steps, seedStepDoc{st.Op.kind(), data, st.Certificates})
		}
		line, err := exact.Marshal(d)
		if err != nil {
			return 0, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.WriteTo(w)
}

// LoadOptions adapt a seed to this hub; either may be nil.
type LoadOptions struct {
	// Ref turns a placeholder of the seed into this hub's reference.
	Ref func(Ref) (Ref, error)
	// Seal gives the sealed particulars of a step.
	Seal func(Step) ([]byte, error)
}

// Load books a seed. Every booking is idempotent by its source, so that a seed
// may be loaded again, also after a crash in the middle. It tells how many
// bookings the seed has.
func (r *Register) Load(ctx context.Context, s *Seed, by string, o LoadOptions) (int, error) {
	for i, b := range s.Bookings {
		steps := make([]Step, 0, len(b.Steps))
		for _, st := range b.Steps {
			adapted, err := adapt(st, o)
			if err != nil {
				return i, fmt.Errorf("seed booking %d: %w", i, err)
			}
			steps = append(steps, adapted)
		}
		if _, err := r.Book(ctx, Request{Source: b.Source, Agency: s.Agency, By: by, Steps: steps}); err != nil {
			return i, fmt.Errorf("seed booking %d: %w", i, err)
		}
	}
	return len(s.Bookings), nil
}

// adapt is a copy of the step with this hub's references.
func adapt(st Step, o LoadOptions) (Step, error) {
	data, err := exact.Marshal(st.Op)
	if err != nil {
		return Step{}, err
	}
	if st.Op, err = readOp(st.Op.kind(), data); err != nil {
		return Step{}, err
	}
	if o.Ref != nil {
		st.Op.refs(func(r *Ref) {
			if *r == "" || err != nil {
				return
			}
			*r, err = o.Ref(*r)
		})
	}
	if err == nil && o.Seal != nil {
		st.Sealed, err = o.Seal(st)
	}
	return st, err
}

// RefsOf are all whom an op names, each once.
func RefsOf(o Op) []Ref {
	var out []Ref
	o.refs(func(r *Ref) {
		if *r != "" && !slices.Contains(out, *r) {
			out = append(out, *r)
		}
	})
	return out
}
