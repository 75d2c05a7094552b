// Package press prints the papers of cases: it turns what the case service
// knows into the papers of hub/certificate, has results sealed, and keeps them.
// How a paper looks is certificate's, what it says is here.
package press

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"tongban/hub"
	"tongban/hub/certificate"
)

// Keeper puts finished papers into the object store.
type Keeper interface {
	// Keep stores a file under its digest; the same file twice is no error.
	Keep(ctx context.Context, file []byte) (hub.Digest, error)
}

// Press implements hub.Press. It is safe for concurrent use.
type Press struct {
	printer *certificate.Printer
	sealer  certificate.Sealer
	keeper  Keeper
	check   string // address of the public check, without its query
}

var _ hub.Press = (*Press)(nil)

// New makes a press. public is where people reach the hub; the check of papers
// is below it.
func New(p *certificate.Printer, s certificate.Sealer, k Keeper, public string) *Press {
	return &Press{printer: p, sealer: s, keeper: k, check: public + "/check/"}
}

// Seal implements hub.Press.
func (p *Press) Seal(ctx context.Context, o hub.PaperOrder) (hub.SealedPaper, error) {
	draw, ok := results[o.Kind]
	if !ok {
		return hub.SealedPaper{}, hub.E(hub.WrongState, "there is no paper %q", o.Kind)
	}
	s := sheet{o, p.letter(o)}
	pdf, err := draw(p.printer, s)
	if err != nil {
		return hub.SealedPaper{}, fmt.Errorf("print %s: %w", o.Kind, err)
	}
	sealed, err := p.sealer.Seal(ctx, pdf, certificate.SealWish{Agency: o.Issuer.NameZH, Reason: "不动产登记发证", Place: o.Issuer.PlaceZH})
	if err != nil {
		return hub.SealedPaper{}, fmt.Errorf("seal %s: %w", o.Kind, err)
	}
	d, err := p.keeper.Keep(ctx, sealed.PDF)
	if err != nil {
		return hub.SealedPaper{}, fmt.Errorf("keep %s: %w", o.Kind, err)
	}
	return hub.SealedPaper{
		File: hub.File{Digest: d, Size: int64(len(sealed.PDF)), Type: "application/pdf"},
		Seal: hub.SealFact{Signer: sealed.Signer, Serial: sealed.Serial, At: hub.Millis(sealed.At), Test: sealed.Test},
	}, nil
}

// Print implements hub.Press.
func (p *Press) Print(_ context.Context, kind hub.PrintKind, o hub.PaperOrder) ([]byte, error) {
	draw, ok := letters[kind]
	if !ok {
		return nil, hub.E(hub.NotFound, "there is no paper %q", kind)
	}
	s := sheet{o, p.letter(o)}
	s.letter.Seal, s.letter.Check, s.letter.Code = certificate.Mark{}, "", "" // a print from the case is not sealed
	return draw(p.printer, s)
}

// letter is what every paper has.
func (p *Press) letter(o hub.PaperOrder) certificate.Letter {
	l := certificate.Letter{
		Office: o.Issuer.NameZH, Number: o.Number, Case: o.Case.Number, At: o.At.In(zone(o.Issuer)),
		Seal: p.sealer.Mark(o.Issuer.NameZH, "不动产登记专用章"),
	}
	if o.ID != "" {
		if l.Code = o.Code; o.Kind != hub.ResultCertificate && o.Kind != hub.ResultProof { // those print their identifier elsewhere
			l.Code = o.ID + " " + o.Code
		}
		l.Check = p.check + "?" + url.Values{"id": {o.ID}, "code": {o.Code}}.Encode()
	}
	if l.Number == "" {
		l.Number = o.Case.Number
	}
	return l
}

// sheet is one paper on its way.
type sheet struct {
	hub.PaperOrder
	letter certificate.Letter
}

func zone(a hub.Agency) *time.Location {
	if z, err := time.LoadLocation(a.Timezone); err == nil {
		return z
	}
	return time.FixedZone("UTC+8", 8*3600)
}
