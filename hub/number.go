package hub

import (
	"context"
	"fmt"

	"tongban/hub/code"
)

// serial counts an agency's papers of a kind in a year. Serials never repeat;
// gaps are allowed.
func (s *Service) serial(ctx context.Context, a Agency, kind ResultKind) (year, serial int, err error) {
	year = s.Now().In(s.zone(ctx, a.ID)).Year()
	n, err := s.Counters.Next(ctx, fmt.Sprintf("paper/%s/%s/%d", kind, a.ID, year))
	if err != nil {
		return 0, 0, fmt.Errorf("number a paper: %w", err)
	}
	return year, int(n), nil
}

// certificateNumber is the next number of a certificate or a proof
// (不动产登记暂行条例实施细则 art. 20).
func (s *Service) certificateNumber(ctx context.Context, id AgencyID, kind ResultKind) (string, error) {
	a, err := s.Directory.Agency(ctx, id)
	if err != nil {
		return "", fmt.Errorf("agency %s: %w", id, err)
	}
	year, serial, err := s.serial(ctx, a, kind)
	if err != nil {
		return "", err
	}
	div, err := code.ParseDivision(a.Division)
	if err != nil {
		return "", fmt.Errorf("number a paper of %s: %w", id, err)
	}
	form := code.Title
	if kind == ResultProof {
		form = code.Proof
	}
	c, err := code.NewCertificate(form, div, a.PlaceZH, year, serial)
	if err != nil {
		return "", fmt.Errorf("number a paper of %s: %w", id, err)
	}
	return c.String(), nil
}

// licenceID is the identifier of an electronic certificate (GB/T 36904). It
// follows from the number alone, so that issuing again gives the same.
func licenceID(a Agency, kind ResultKind, number string) (string, error) {
	c, err := code.ParseCertificate(number)
	if err != nil {
		return "", fmt.Errorf("identify a paper: %w", err)
	}
	form := code.LicenceTitle
	if kind == ResultProof {
		form = code.LicenceProof
	}
	id, err := code.NewLicenceID(form, a.Division, fmt.Sprintf("%d%07d", c.Year, c.Serial), "001")
	if err != nil {
		return "", fmt.Errorf("identify a paper: %w", err)
	}
	return string(id), nil
}

// letterNumber numbers a paper that the register does not: a letter of
// cancellation, a search result.
func (s *Service) letterNumber(ctx context.Context, a Agency, kind ResultKind) (number, id string, err error) {
	year, serial, err := s.serial(ctx, a, kind)
	if err != nil {
		return "", "", err
	}
	div, err := code.ParseDivision(a.Division)
	if err != nil {
		return "", "", fmt.Errorf("number a paper of %s: %w", a.ID, err)
	}
	word, short := "不动产查询", "CX"
	if kind == ResultCancellation {
		word, short = "不动产注销", "ZX"
	}
	number = fmt.Sprintf("%s(%d)%s%s第%07d号", div.ProvinceShort(), year, a.PlaceZH, word, serial)
	return number, fmt.Sprintf("%s-%s%d-%07d", a.Division, short, year, serial), nil
}
