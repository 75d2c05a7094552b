package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// What follows the decision: booking, papers, their public check, handing out.

// paperView is one issued paper.
type paperView struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Number string `json:"number"`
	Kind   string `json:"kind"`
	File   struct {
		Digest string `json:"digest"`
		Size   int    `json:"size"`
	} `json:"file"`
	Seal struct {
		Test bool `json:"test"`
	} `json:"seal"`
}

// bookCase (登簿) asks how the register stands, and books.
func (s *story) bookCase(ctx context.Context) error {
	var c struct {
		Held      bool `json:"held"`
		Obstacles []struct {
			Code string `json:"code"`
		} `json:"obstacles"`
		Notes []struct {
			Code  string `json:"code"`
			Entry string `json:"entry"`
			Tell  bool   `json:"tell"`
		} `json:"notes"`
	}
	if err := s.booking.do(ctx, get(s.path("/register")), &c); err != nil {
		return err
	}
	if len(c.Obstacles) > 0 {
		return fmt.Errorf("the register does not allow it: %+v", c.Obstacles)
	}
	told := []string{}
	for _, n := range c.Notes {
		if n.Tell {
			told = append(told, n.Entry)
		}
	}
	if err := s.booking.do(ctx, command(s.path("/book"), map[string]any{"told": told}), nil); err != nil {
		return err
	}
	s.say("%[1]s 再次核验登记簿无障碍，登簿：权利自此刻生效（民法典第 214 条）", "%[1]s finds nothing against it in the register and books it: the right exists from this instant (民法典 art. 214)", s.booking.name)
	return s.seenBy(ctx, s.clerk, "booked")
}

// issuePapers (缮证) makes and seals what the standard promises, and lets the
// applicant check each by its QR code without signing in.
func (s *story) issuePapers(ctx context.Context) error {
	if err := s.booking.do(ctx, command(s.path("/issue"), map[string]any{}), nil); err != nil {
		return err
	}
	papers, err := s.results(ctx)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		return errors.New("nothing was issued")
	}
	s.say("%[1]s 缮证并加盖电子印章：%[2]d 件", "%[1]s makes and seals: %[2]d paper(s)", s.booking.name, len(papers))
	for _, p := range papers {
		var pdf bytes.Buffer
		req := get(s.path("/results/" + url.PathEscape(p.ID)))
		req.header = map[string]string{"Access-Purpose": url.PathEscape("核对证照")}
		if err := s.booking.do(ctx, req, &pdf); err != nil {
			return err
		}
		if !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) || pdf.Len() != p.File.Size {
			return fmt.Errorf("the paper %s is no PDF of %d bytes", p.Number, p.File.Size)
		}
		state, err := s.checkPublicly(ctx, p)
		if err != nil {
			return err
		}
		s.say("    %[1]s（%[2]d KB），扫码核验：%[3]s", "    %[1]s (%[2]d KB), checked by its QR code: %[3]s", p.Number, pdf.Len()/1000, state)
		if err := s.keepPaper(p, pdf.Bytes()); err != nil {
			return err
		}
	}
	if papers[0].Seal.Test {
		s.say("    印章为测试章，无法律效力", "    the seal is a test seal without legal force")
	}
	return nil
}

func (s *story) results(ctx context.Context) ([]paperView, error) {
	var v struct {
		Results []paperView `json:"results"`
	}
	err := s.clerk.do(ctx, get(s.path("")), &v)
	return v.Results, err
}

// checkPublicly asks as anybody would who holds the paper and scans its code.
func (s *story) checkPublicly(ctx context.Context, p paperView) (string, error) {
	q := url.Values{"id": {p.ID}, "code": {p.Code}}
	anybody := &client{name: "anybody", base: s.clerk.base, http: s.clerk.http, lang: s.clerk.lang}
	var c struct {
		Number string `json:"number"`
		State  string `json:"state"`
		Digest string `json:"digest"`
	}
	if err := anybody.do(ctx, get("/api/v1/check?"+q.Encode()), &c); err != nil {
		return "", err
	}
	if c.State != "valid" || c.Number != p.Number || c.Digest != p.File.Digest {
		return "", fmt.Errorf("the check of %s says %+v", p.Number, c)
	}
	q.Set("code", strings.Repeat("a", 12))
	err := anybody.do(ctx, get("/api/v1/check?"+q.Encode()), nil)
	if err := refused(err, "a paper is told of without its code", "not_found"); err != nil {
		return "", err
	}
	return s.pick("有效", "in force"), nil
}

// keepPaper writes a paper into the folder of the options, if one is named.
func (s *story) keepPaper(p paperView, pdf []byte) error {
	if s.papersDir == "" {
		return nil
	}
	name := strings.NewReplacer("/", "-", ".", "-").Replace(s.item) + "-" + p.Kind + "-" + p.ID[len(p.ID)-min(len(p.ID), 18):] + ".pdf"
	if err := os.MkdirAll(s.papersDir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.papersDir, filepath.Base(name)), pdf, 0o600)
}

// handOutPapers (发证) gives the first paper to its holder at the window and
// sends the others by mail.
func (s *story) handOutPapers(ctx context.Context) error {
	papers, err := s.results(ctx)
	if err != nil {
		return err
	}
	for i, p := range papers {
		who := s.parties[len(s.parties)-1].Name
		body := map[string]any{"id": p.ID, "way": "mail", "receiver": who, "carrier": "中国邮政", "tracking": fmt.Sprintf("EX%09dCN", s.serial+i)}
		if i == 0 {
			digest, err := s.clerk.upload(ctx, signature(s.number, 90), "image/png")
			if err != nil {
				return err
			}
			body = map[string]any{"id": p.ID, "way": "window", "receiver": who, "signature": digest}
		}
		if err := s.clerk.do(ctx, command(s.path("/hand-out"), body), nil); err != nil {
			return err
		}
	}
	s.say("%[1]s 在窗口发证并签收%[2]s", "%[1]s hands out at the window, against a signature%[2]s", s.clerk.name,
		s.pick(strings.Repeat("；其余邮寄，有运单号", min(1, len(papers)-1)), strings.Repeat("; the rest goes by mail, with tracking numbers", min(1, len(papers)-1))))
	for _, kind := range []string{"receipt", "supplement", "acceptance", "delivery_proof"} {
		var pdf bytes.Buffer
		req := get(s.path("/papers/" + kind))
		req.header = map[string]string{"Access-Purpose": url.PathEscape("打印")}
		if err := s.clerk.do(ctx, req, &pdf); err != nil {
			return fmt.Errorf("print %s: %w", kind, err)
		}
		if err := s.keepPaper(paperView{ID: s.caseNumber + "-" + kind, Kind: kind}, pdf.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (x *script) books() bool  { return bookable[x.item] }
func (x *script) issues() bool { return bookable[x.item] || x.item == "search" }

// bookable are the items whose stories end in the register.
var bookable = map[string]bool{
	"transfer.resale": true, "transfer.new": true, "notice.dual": true, "mortgage.first": true, "mortgage.cancel": true,
	"transfer.inherit": true, "transfer.spouse": true, "change": true, "first.building": true,
}
