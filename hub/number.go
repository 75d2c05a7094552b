package hub

import (
	"context"
	"fmt"
	"strconv"

	"tongban/hub/code"
)

// number gives a result its number and its licence id. Serials are counted by
// registry and year and never repeat; gaps are allowed.
func (s *Service) number(ctx context.Context, o *PaperOrder) error {
	year := o.At.In(s.zone(ctx, o.Issuer.ID)).Year()
	series := map[ResultKind]string{ResultCertificate: "title", ResultProof: "proof"}[o.Kind]
	if series == "" {
		series = string(o.Kind)
	}
	n, err := s.Counters.Next(ctx, fmt.Sprintf("paper/%s/%s/%d", series, o.Issuer.ID, year))
	if err != nil {
		return fmt.Errorf("number a result: %w", err)
	}
	div, err := code.ParseDivision(o.Issuer.Division)
	if err != nil {
		return fmt.Errorf("number a result of %s: %w", o.Issuer.ID, err)
	}
	cert := code.Certificate{Kind: code.Title, Province: div.ProvinceShort(), Year: year, Registry: o.Issuer.PlaceZH, Serial: int(n)}
	switch o.Kind {
	case ResultCertificate:
		o.Number = cert.String()
		o.ID, err = licence(code.LicenceTitle, div, year, n)
	case ResultProof:
		cert.Kind = code.Proof
		o.Number = cert.String()
		o.ID, err = licence(code.LicenceProof, div, year, n)
	case ResultCancellation:
		o.Number = fmt.Sprintf("%s(%d)%s不动产注销第%07d号", cert.Province, year, cert.Registry, n)
		o.ID = o.Case.Number + "-" + string(o.Kind) + "-" + strconv.FormatInt(n, 10)
	default:
		o.Number = fmt.Sprintf("%s(%d)%s不动产查询第%07d号", cert.Province, year, cert.Registry, n)
		o.ID = o.Case.Number + "-" + string(o.Kind) + "-" + strconv.FormatInt(n, 10)
	}
	if err != nil {
		return fmt.Errorf("number a result: %w", err)
	}
	o.Code = s.Keys.CheckCode(o.ID)
	return nil
}

func licence(kind string, issuer code.Division, year int, n int64) (string, error) {
	id, err := code.NewLicenceID(kind, issuer.String(), fmt.Sprintf("%d%07d", year, n), "001")
	return id.String(), err
}
