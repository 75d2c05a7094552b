package evidence

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"tongban/hub"
	"tongban/hub/message"
)

// Options of a verification.
type Options struct {
	Algorithms *hub.Algorithms // nil is the standard suite
	Trusted    []Anchor        // when given, every key must be among them
}

// Verify checks a bundle against itself, and against the trusted keys if any
// are given. It needs nothing but the bundle. In this order it checks the
// manifest and its signature; every file's place, size and digest; the ZIP
// around them; the keys; every event's form, hash, link, signature and
// contribution, and that the transition table allowed it; the materials; the
// register's booking and the issued papers; the messages and receipts.
//
// The error is a *Wrong for the first thing that is wrong, or that of the
// context or of r.
func Verify(ctx context.Context, r io.ReaderAt, size int64, opt Options) (Report, error) {
	if opt.Algorithms == nil {
		opt.Algorithms = hub.NewAlgorithms(hub.StandardSuite())
	}
	v := &verification{
		ctx: ctx, opt: opt, in: &reader{container: container{zipLimit}, r: r, size: size}, small: map[string][]byte{},
		large: map[string]fileLine{}, offered: map[hub.OfferID][]byte{},
	}
	v.report.Bytes = size
	for _, step := range []func() error{
		v.readManifest, v.readFiles, v.readKeys, v.readChain, v.checkCase, v.checkMaterials, v.checkSessions, v.checkResults, v.checkMessages, v.trust, v.checkRest,
	} {
		if err := step(); err != nil {
			return v.report, err
		}
	}
	return v.report, nil
}

// verification is one run of Verify. Its steps build on each other.
type verification struct {
	ctx   context.Context // lives for one call of Verify
	opt   Options
	in    *reader
	m     manifest
	small map[string][]byte   // files not yet accounted for
	large map[string]fileLine // materials not yet accounted for
	keys  *keySet
	chain []hub.Event
	kase  hub.Case
	// offered holds the receipts of the offers, in their envelopes
	offered map[hub.OfferID][]byte
	report  Report
}

func (v *verification) readManifest() error {
	size, err := v.in.headerSize(manifestName, maxManifest)
	if err != nil {
		return err
	}
	raw, err := v.in.small(manifestName, size, "")
	if err != nil {
		return err
	}
	if size, err = v.in.headerSize(signatureName, maxSignature); err != nil {
		return err
	}
	sig, err := v.in.small(signatureName, size, "")
	if err != nil {
		return err
	}
	if err := hub.Unmarshal(raw, &v.m); err != nil {
		return wrong(manifestName, "is not readable: %v", err)
	}
	if v.m.V != Format {
		return wrong(manifestName, "bundle format %q is not known", v.m.V)
	}
	if again, err := hub.Marshal(v.m); err != nil || !bytes.Equal(again, raw) {
		return wrong(manifestName, "is not in its written form")
	}
	scheme, err := v.opt.Algorithms.SignNamed(v.m.Sign)
	if err != nil {
		return wrong(manifestName, "%v", err)
	}
	if hub.NewKeyID(v.m.Sign, v.m.PKIX) != v.m.Key {
		return wrong(manifestName, "its key does not have its fingerprint")
	}
	if err := scheme.Verify(v.m.PKIX, raw, sig); err != nil {
		return wrong(manifestName, "does not have the signature of %s in %s: %v", v.m.Exporter, signatureName, err)
	}
	if v.report.At, err = time.Parse(hub.TimeFormat, v.m.At); err != nil {
		return wrong(manifestName, "its time is not readable")
	}
	v.report.Exporter = v.m.Exporter
	return v.checkNames()
}

func (v *verification) checkNames() error {
	last := ""
	for _, f := range v.m.Files {
		switch {
		case !safeName(f.Name):
			return wrong(manifestName, "lists a file with a name that is not allowed: %q", f.Name)
		case f.Name <= last:
			return wrong(manifestName, "lists %s twice or not in order", f.Name)
		case f.Size < 0 || f.Size > v.in.size:
			return wrong(f.Name, "its size of %d bytes is more than the bundle has", f.Size)
		case !isDigest(f.SHA256):
			return wrong(manifestName, "the digest of %s is not readable", f.Name)
		}
		last = f.Name
	}
	return nil
}

// readFiles passes over the whole bundle once.
func (v *verification) readFiles() error {
	buf := make([]byte, 512<<10)
	for _, f := range v.m.Files {
		if streamed(f.Name) {
			if err := v.in.stream(v.ctx, f.Name, f.Size, f.SHA256, buf); err != nil {
				return err
			}
			v.large[f.Name] = f
			v.report.Files++
			continue
		}
		if f.Size > maxSmall {
			return wrong(f.Name, "has more than %d bytes", maxSmall)
		}
		content, err := v.in.small(f.Name, f.Size, f.SHA256)
		if err != nil {
			return err
		}
		v.small[f.Name] = content
		v.report.Files++
	}
	if err := v.in.end(); err != nil {
		return err
	}
	if _, err := v.take(readmeName); err != nil {
		return err
	}
	return v.expect(sumsName, sumsOf(v.m.Files))
}

// take returns a file that must be there and accounts for it.
func (v *verification) take(name string) ([]byte, error) {
	b, ok := v.small[name]
	if !ok {
		return nil, wrong(name, "is missing")
	}
	delete(v.small, name)
	return b, nil
}

// expect accounts for a file of which the content is known.
func (v *verification) expect(name string, want []byte) error {
	got, err := v.take(name)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return wrong(name, "does not say what the rest of the bundle says")
	}
	return nil
}

func (v *verification) verifier() *hub.Verifier {
	return &hub.Verifier{Algorithms: v.opt.Algorithms, Keys: v.keys}
}

// readChain verifies the events one after the other and folds them.
func (v *verification) readChain() error {
	check := v.verifier()
	for seq := int64(1); seq <= v.m.Head.Seq; seq++ {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		name := eventName(seq)
		raw, err := v.take(name)
		if err != nil {
			return err
		}
		e, err := hub.ParseEvent(raw)
		if err != nil {
			return wrongBecause(name, err)
		}
		if e.Sig, err = v.take(eventSigName(seq)); err != nil {
			return err
		}
		h, err := v.opt.Algorithms.HashNamed(e.Schemes.Hash)
		if err != nil {
			return wrong(name, "%v", err)
		}
		e.Hash = hub.Sum(h, raw)
		if err := check.VerifyEvent(v.ctx, &e, v.kase.Seq, v.kase.Head); err != nil {
			return wrongBecause(name, err)
		}
		if err := check.Fold(v.ctx, &v.kase, []hub.Event{e}, nil); err != nil {
			return wrongBecause(name, err)
		}
		v.chain = append(v.chain, e)
		v.report.Events++
		if e.Contribution != nil {
			v.report.Contributions++
		}
	}
	return v.expect(hashesName, hashesOf(v.chain))
}

// checkCase compares the manifest's words with the folded case.
func (v *verification) checkCase() error {
	c, m := &v.kase, &v.m
	switch {
	case len(v.chain) == 0:
		return wrong(manifestName, "the chain is empty")
	case m.Case != c.ID || m.Number != c.Number:
		return wrong(manifestName, "names another case than the chain")
	case m.Head != message.Head{Seq: c.Seq, Hash: c.Head}:
		return wrong(manifestName, "names another head than the chain has")
	case m.Status != c.Status || m.Custodian != c.Custodian:
		return wrong(manifestName, "tells another state of the case than the chain")
	}
	r := &v.report
	r.Case, r.Number, r.Status, r.Custodian, r.Head = c.ID, c.Number, c.Status, c.Custodian, c.Head
	v.keys.used[m.Key]++
	return nil
}

// checkMaterials compares the files with what the chain says was added.
func (v *verification) checkMaterials() error {
	for i := range v.kase.Materials {
		m := &v.kase.Materials[i]
		if err := v.file(materialName(m), m.File, "is not the file that the chain says was added"); err != nil {
			return err
		}
		v.report.Materials++
	}
	for _, hand := range v.kase.Hands() {
		if err := v.file(handName(hand), hand, "is not the signature that the chain says was given"); err != nil {
			return err
		}
	}
	return nil
}

// checkSessions compares what video sessions gave, every segment of their
// recordings, and the list of each.
func (v *verification) checkSessions() error {
	files := v.kase.SessionFiles()
	for i := range files {
		f := &files[i]
		if err := v.file(sessionName(f), f.File, "is not the file that the chain says the session gave"); err != nil {
			return err
		}
		if f.Segment {
			v.report.Segments++
		}
	}
	for i := range v.kase.Sessions {
		s := &v.kase.Sessions[i]
		list, err := s.RecordingList()
		if err != nil {
			return wrongBecause(recordingName(s), err)
		}
		if list == nil {
			continue
		}
		if err := v.expect(recordingName(s), list); err != nil {
			return err
		}
	}
	v.report.Sessions = len(v.kase.Sessions)
	return nil
}

// file accounts for a large file that must be the one the chain names.
func (v *verification) file(name string, want hub.File, otherwise string) error {
	f, ok := v.large[name]
	switch {
	case !ok:
		return wrong(name, "is missing")
	case f.Size != want.Size || "sha256:"+f.SHA256 != string(want.Digest):
		return wrong(name, "%s", otherwise)
	}
	delete(v.large, name)
	v.report.MaterialBytes += f.Size
	return nil
}

// checkResults checks the register's booking and every issued paper: the file,
// and the agency's signature beside it.
func (v *verification) checkResults() error {
	check := v.verifier()
	if v.kase.Booked != nil {
		raw, err := v.take(bookingName)
		if err != nil {
			return err
		}
		sig, err := v.take(bookingSigName)
		if err != nil {
			return err
		}
		if err := check.VerifyBooking(v.ctx, &v.kase, raw, sig); err != nil {
			return wrongBecause(bookingName, err)
		}
		v.report.Booked = true
	}
	for i := range v.kase.Results {
		r := &v.kase.Results[i].IssuedResult
		paper, text, sig := resultNames(r)
		if err := v.file(paper, r.File, "is not the paper that the chain says was issued"); err != nil {
			return err
		}
		if err := v.expect(text, r.SignedText()); err != nil {
			return err
		}
		if err := v.expect(sig, r.Detached); err != nil {
			return err
		}
		if err := check.VerifyResult(v.ctx, r); err != nil {
			return wrongBecause(sig, err)
		}
		v.report.Results++
	}
	return nil
}

// checkRest refuses what nothing in the bundle accounts for.
func (v *verification) checkRest() error {
	names := slices.Concat(slices.Collect(maps.Keys(v.small)), slices.Collect(maps.Keys(v.large)))
	if len(names) == 0 {
		return nil
	}
	return wrong(slices.Min(names), "does not belong in this bundle")
}
