package press

import (
	"fmt"
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/certificate"
	"tongban/hub/code"
	"tongban/hub/register"
)

// results are the papers that are sealed.
var results = map[hub.ResultKind]func(*certificate.Printer, sheet) ([]byte, error){
	hub.ResultCertificate:  title,
	hub.ResultProof:        proof,
	hub.ResultCancellation: cancellation,
	hub.ResultSearch:       extract,
}

func title(p *certificate.Printer, s sheet) ([]byte, error) {
	x := s.Register
	s.letter.Case = ""
	t := certificate.Title{
		Letter: s.letter, Licence: s.ID, CoOwnership: ownershipWords[x.Owners.Mode], Location: x.About.Location, Unit: string(x.Unit),
		RightType: rightType(x.Unit), RightNature: word(natureWords, x.About.Nature), Use: word(useWords, x.About.Use),
		Area: area(x.About.Area), Term: term(x), Other: burdens(x),
		Notes: []string{"登记原因：" + s.item(), "登簿时间：" + s.letter.At.Format("2006年01月02日 15:04:05")},
	}
	for _, h := range x.Owners.Holders {
		t.Holders = append(t.Holders, holder(s.Names[hub.PartyRef(h.Ref)], h.Share))
	}
	if old := replaced(x, s.Number); old != "" {
		t.Notes = append(t.Notes, "原证书号："+old)
	}
	return p.Title(t)
}

// holder names a right holder as the certificate does.
func holder(p hub.RegisterPerson, share register.Share) certificate.Holder {
	return certificate.Holder{Name: p.Name, ID: idWords[p.IDKind] + " " + hub.MaskNumber(p.IDNumber), Share: share.String()}
}

// replaced is the certificate that this one takes the place of.
func replaced(x *register.Extract, number string) string {
	var last string
	for _, l := range x.History {
		if slices.Contains(l.Certificates, number) {
			return last
		}
		switch l.Kind {
		case register.KindFirst, register.KindTransfer, register.KindChange, register.KindCorrect:
			if len(l.Certificates) > 0 && l.Unit == x.Unit {
				last = l.Certificates[0]
			}
		}
	}
	return ""
}

// burdens say what else there is about the right.
func burdens(x *register.Extract) string {
	var parts []string
	for _, n := range []struct {
		count int
		words string
	}{{len(x.Mortgages), "抵押权 %d 项"}, {len(x.Notices), "预告登记 %d 项"}, {len(x.Burdens), "居住权、地役权 %d 项"}} {
		if n.count > 0 {
			parts = append(parts, fmt.Sprintf(n.words, n.count))
		}
	}
	return strings.Join(parts, "；")
}

func proof(p *certificate.Printer, s sheet) ([]byte, error) {
	x := s.Register
	s.letter.Case = ""
	doc := certificate.Proof{Letter: s.letter, Licence: s.ID, Location: x.About.Location, Unit: string(x.Unit), Notes: []string{"登记原因：" + s.item()}}
	for _, m := range x.Mortgages {
		if string(m.Entry) == s.Entry || slices.Contains(m.Certificates, s.Number) {
			doc.Right, doc.Holder, doc.Obliged = "抵押权", s.name(m.Creditor), s.owners()
			doc.Other = fmt.Sprintf("%s；担保债权数额 %s；债务履行期限 %s 至 %s", mortgageWords[m.Kind], money(m.Debt), m.From, m.Until)
			if m.NoTransfer {
				doc.Notes = append(doc.Notes, "当事人约定：未经抵押权人同意不得转让抵押物（民法典第406条）")
			}
		}
	}
	for _, n := range x.Notices {
		if string(n.Entry) != s.Entry {
			continue
		}
		doc.Right, doc.Holder, doc.Obliged = noticeWords[n.Kind], s.list(n.Holders), s.list(n.Obligors)
		if n.Debt > 0 {
			doc.Other = "被担保债权数额 " + money(n.Debt)
		}
		doc.Notes = append(doc.Notes, "自能够进行不动产登记之日起九十日内未申请登记的，预告登记失效（民法典第221条）")
	}
	return p.Proof(doc)
}

func (s *sheet) name(r register.Ref) string { return s.Names[hub.PartyRef(r)].Name }

func (s *sheet) list(refs []register.Ref) string {
	names := make([]string, 0, len(refs))
	for _, r := range refs {
		names = append(names, s.name(r))
	}
	return strings.Join(names, "、")
}

func (s *sheet) owners() string { return s.list(s.Register.Owners.Refs()) }

func cancellation(p *certificate.Printer, s sheet) ([]byte, error) {
	number, _ := s.Case.Form["proof_no"].(string)
	reason, _ := s.Case.Form["reason"].(string)
	return p.Cancellation(certificate.Cancellation{
		Letter: s.letter, Holder: s.applicants("bank", "owner"), Certificate: number, Location: s.Register.About.Location,
		Unit: string(s.Register.Unit), RightType: "抵押权", Cause: word(reasonWords, reason),
		Basis: "《中华人民共和国民法典》第三百九十三条、《不动产登记暂行条例》第二十一条", Booked: s.booked(),
	})
}

func extract(p *certificate.Printer, s sheet) ([]byte, error) {
	x := s.Register
	purpose, _ := s.Case.Form["purpose"].(string)
	scope, _ := s.Case.Form["scope"].(string)
	unit := certificate.ExtractUnit{Unit: string(x.Unit), Location: x.About.Location, Facts: facts(x), Rights: s.rights()}
	if scope == "history" {
		unit.Rights = append(unit.Rights, s.history()...)
	}
	return p.Extract(certificate.Extract{
		Letter: s.letter, Asker: s.applicants("seeker"), Agent: s.applicants("agent"), Purpose: purpose,
		Matter: "不动产单元 " + string(x.Unit), Moment: x.AsOf.In(zone(s.Issuer)), Units: []certificate.ExtractUnit{unit},
	})
}

func facts(x *register.Extract) []certificate.Fact {
	all := []certificate.Fact{
		{Label: "登记状态", Text: statusWords[x.Status]}, {Label: "权利类型", Text: rightType(x.Unit)},
		{Label: "权利性质", Text: word(natureWords, x.About.Nature)}, {Label: "用途", Text: word(useWords, x.About.Use)},
		{Label: "面积", Text: area(x.About.Area)}, {Label: "使用期限", Text: term(x)},
		{Label: "共有情况", Text: ownershipWords[x.Owners.Mode]}, {Label: "登记簿版本", Text: fmt.Sprint(x.Version)},
	}
	return slices.DeleteFunc(all, func(f certificate.Fact) bool { return f.Text == "" })
}

// rights are what is in force.
func (s *sheet) rights() []certificate.Right {
	x, z := s.Register, zone(s.Issuer)
	var out []certificate.Right
	if len(x.Owners.Holders) > 0 {
		out = append(out, certificate.Right{
			Kind: "所有权", Holder: s.owners(), Number: strings.Join(x.Certificates, "、"), Booked: x.Since.In(z), State: "现势",
		})
	}
	for _, m := range x.Mortgages {
		detail := fmt.Sprintf("%s，%s，%s 至 %s", mortgageWords[m.Kind], money(m.Debt), m.From, m.Until)
		out = append(out, certificate.Right{Kind: "抵押权", Holder: s.name(m.Creditor), Number: strings.Join(m.Certificates, "、"), Booked: m.At.In(z), State: "现势", Detail: detail})
	}
	for _, n := range x.Notices {
		out = append(out, certificate.Right{Kind: noticeWords[n.Kind], Holder: s.list(n.Holders), Number: strings.Join(n.Certificates, "、"), Booked: n.At.In(z), State: "现势"})
	}
	for _, o := range x.Objections {
		out = append(out, certificate.Right{Kind: "异议登记", Holder: s.name(o.By), Booked: o.At.In(z), State: "现势"})
	}
	for _, q := range x.Seizures {
		state := "查封中"
		if q.Waiting > 0 {
			state = fmt.Sprintf("轮候第 %d 位", q.Waiting)
		}
		out = append(out, certificate.Right{Kind: "查封登记", Holder: q.Court, Number: q.Order, Booked: q.At.In(z), State: state, Detail: fmt.Sprintf("%d 个月", q.Months)})
	}
	for _, b := range x.Burdens {
		out = append(out, certificate.Right{Kind: burdenWords[b.Kind], Holder: s.name(b.Holder), Number: strings.Join(b.Certificates, "、"), Booked: b.At.In(z), State: "现势", Detail: b.Content})
	}
	return out
}

// history is every entry that was ever made on the unit, without names: they
// are shown only of what is in force.
func (s *sheet) history() []certificate.Right {
	var out []certificate.Right
	for _, l := range s.Register.History {
		if w := word(opWords, string(l.Kind)); w != "" && l.Unit == s.Register.Unit {
			out = append(out, certificate.Right{Kind: w, Number: strings.Join(l.Certificates, "、"), Booked: l.At.In(zone(s.Issuer)), State: "历史记载"})
		}
	}
	return out
}

// rightType names the right by the letters of the unit number (GB/T 37346).
func rightType(u code.Unit) string {
	land := word(landWords, u.Ownership()+u.Right())
	if land == "" {
		land = "土地使用权"
	}
	if strings.HasSuffix(string(u), "W00000000") {
		return land
	}
	return land + "／房屋所有权"
}

func term(x *register.Extract) string {
	if x.About.TermEnd == "" {
		return ""
	}
	return "国有建设用地使用权至 " + string(x.About.TermEnd) + " 止"
}

func area(n int64) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d 平方米", n/100, n%100)
}

// money is a sum in yuan, from fen.
func money(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("%d 元", fen/100)
	}
	return fmt.Sprintf("%d.%02d 元", fen/100, fen%100)
}
