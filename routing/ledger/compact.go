package ledger

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/code"
)

// The compact form is the magic, then DEFLATE over columns: all names, all
// codes as differences, all spans, all successors. Columns of alike numbers
// pack twice as well as rows. Every number is a varint.
const (
	magic       = "TBL1"
	maxUnpacked = 8 << 20 // bytes; the real ledger has 0.2 MB
)

// plain is the ledger before packing: the same bytes for equal ledgers.
func (l *Ledger) plain() []byte {
	var names, codes, spans, successors []byte
	previous := code.Division(0)
	for i := range l.records {
		r := &l.records[i]
		names = append(append(names, r.Name...), '\n')
		codes = binary.AppendUvarint(codes, uint64(r.Code-previous))
		previous = r.Code
		spans = appendDay(spans, r.From, true)
		if r.Until == Never {
			spans = binary.AppendUvarint(spans, 0)
		} else {
			spans = appendDay(spans, r.Until, true)
		}
		successors = binary.AppendUvarint(successors, uint64(len(r.Successors)))
		for _, s := range r.Successors {
			successors = binary.AppendVarint(successors, int64(s.To)-int64(r.Code))
			successors = appendDay(successors, s.On, s.Last != s.On)
		}
	}
	head := binary.AppendUvarint(nil, uint64(len(l.records)))
	head = binary.AppendUvarint(head, uint64(l.through))
	head = binary.AppendUvarint(head, uint64(len(l.source)))
	head = append(head, l.source...)
	head = binary.AppendUvarint(head, uint64(len(names)))
	return slices.Concat(head, names, codes, spans, successors)
}

// Digest names the facts; equal ledgers have the same on every machine.
func (l *Ledger) Digest() hub.Digest { return hub.SHA256(l.plain()) }

// Encode writes the compact form.
func (l *Ledger) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(magic)
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("ledger: encode: %w", err)
	}
	if _, err := w.Write(l.plain()); err != nil {
		return nil, fmt.Errorf("ledger: encode: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("ledger: encode: %w", err)
	}
	return out.Bytes(), nil
}

// appendDay writes a year (even) where only the year is known, or a day (odd).
func appendDay(b []byte, d Day, byYear bool) []byte {
	if y := d.Time().Year(); byYear && d == YearStart(y) {
		return binary.AppendUvarint(b, uint64(y)<<1)
	}
	return binary.AppendUvarint(b, uint64(d)<<1|1)
}

// Decode reads the compact form and checks it as New does.
func Decode(b []byte) (*Ledger, error) {
	packed, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return nil, errors.New("ledger: not a compact ledger")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxUnpacked))
	if err != nil {
		return nil, fmt.Errorf("ledger: unpack: %w", err)
	}
	d := &decoder{b: plain}
	count := d.length()
	through := Day(min(d.uvarint(), uint64(Never)))
	source := string(d.bytes(d.length()))
	names := strings.Split(strings.TrimSuffix(string(d.bytes(d.length())), "\n"), "\n")
	if d.err != nil || len(names) != count {
		return nil, errors.New("ledger: damaged head")
	}
	records := make([]Record, count)
	previous := uint64(0)
	for i := range records {
		previous += d.uvarint()
		records[i].Name, records[i].Code = names[i], code.Division(min(previous, 999_999))
	}
	for i := range records {
		records[i].From, _ = d.day()
		if records[i].Until, _ = d.day(); records[i].Until == 0 {
			records[i].Until = Never
		}
	}
	for i := range records {
		for range d.length() {
			to := int64(records[i].Code) + d.varint()
			on, last := d.day()
			if d.err != nil || to < 0 || to > 999_999 {
				return nil, errors.New("ledger: damaged successors")
			}
			records[i].Successors = append(records[i].Successors, Successor{To: code.Division(to), On: on, Last: last})
		}
	}
	if d.err != nil || len(d.b) != 0 {
		return nil, errors.New("ledger: damaged columns")
	}
	return New(source, through, records)
}

// decoder reads varints until the first error, and zeros after it.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() uint64 {
	d.err, d.b = io.ErrUnexpectedEOF, nil
	return 0
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		return d.fail()
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		return int64(d.fail())
	}
	d.b = d.b[n:]
	return v
}

// length is a count of things that take at least one byte each.
func (d *decoder) length() int {
	v := d.uvarint()
	if v > uint64(len(d.b)) {
		return int(d.fail())
	}
	return int(v)
}

func (d *decoder) bytes(n int) []byte {
	if n > len(d.b) {
		d.fail()
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

// day reads what appendDay wrote: the first and the last day it can mean.
func (d *decoder) day() (first, last Day) {
	v := d.uvarint()
	switch {
	case v == 0:
		return 0, 0
	case v&1 == 1:
		v = min(v>>1, uint64(Never))
		return Day(v), Day(v)
	}
	y := int(min(v>>1, 9999))
	return YearStart(y), YearStart(y+1) - 1
}
