package press

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tongban/hub"
	"tongban/hub/certificate"
)

// letters are the papers that are printed from a case at any time.
var letters = map[hub.PrintKind]func(*certificate.Printer, sheet) ([]byte, error){
	hub.PrintReceipt:       receipt,
	hub.PrintAcceptance:    acceptance,
	hub.PrintRefusal:       refusal,
	hub.PrintSupplement:    supplement,
	hub.PrintRejection:     rejection,
	hub.PrintQuestioning:   questioning,
	hub.PrintDeliveryProof: delivery,
}

// notYet refuses a paper that the case is not far enough for.
func notYet(what string) error {
	return hub.E(hub.WrongState, "the case has nothing for %s yet", what)
}

// applicants names the parties of some roles, all but agents without any.
func (s *sheet) applicants(roles ...string) string {
	var names []string
	for _, p := range s.Case.Parties {
		if len(roles) == 0 && p.Role != "agent" || slices.Contains(roles, p.Role) {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, "、")
}

func (s *sheet) subject() certificate.Subject {
	location, _ := s.Case.Form["address"].(string)
	return certificate.Subject{
		Item: s.item(), Applicant: s.applicants(), Agent: s.applicants("agent"), Location: location, Unit: s.Case.Unit,
	}
}

// item is the name of the item without the place that an agency's own standard
// adds to it in brackets.
func (s *sheet) item() string {
	name := s.Standard.NameZH
	if i := strings.LastIndex(name, "（"); s.Standard.Agency != "" && i > 0 {
		return name[:i]
	}
	return name
}

func (s *sheet) local(t time.Time) time.Time { return t.In(zone(s.Issuer)) }

func (s *sheet) booked() time.Time {
	if s.Case.Booked == nil {
		return time.Time{}
	}
	return s.local(s.Case.Booked.At)
}

// materials lists what the case holds, one line for each slot.
func (s *sheet) materials() []certificate.Material {
	var out []certificate.Material
	for _, slot := range s.Standard.Slots {
		line := certificate.Material{Name: slot.ZH, Form: "电子件"}
		for _, m := range s.Case.Live() {
			if m.Slot != slot.Key {
				continue
			}
			if line.Copies++; m.SeenOriginal {
				line.Form = "已核对原件"
			}
		}
		if line.Copies > 0 {
			out = append(out, line)
		}
	}
	return out
}

func (s *sheet) clock(kind hub.ClockKind) (hub.CaseClock, bool) {
	i := slices.IndexFunc(s.Clocks, func(c hub.CaseClock) bool { return c.Kind == kind })
	if i < 0 {
		return hub.CaseClock{}, false
	}
	return s.Clocks[i], true
}

func receipt(p *certificate.Printer, s sheet) ([]byte, error) {
	s.letter.At = s.local(s.Case.ReceivedAt)
	r := certificate.Receipt{Letter: s.letter, Subject: s.subject(), Materials: s.materials(), Clerk: s.Officers[s.Case.ReceivedBy]}
	if s.Case.Route != nil {
		r.Handling = s.Handling.NameZH
	}
	if c, ok := s.clock(hub.ClockAnswer); ok && !c.Due.IsZero() {
		r.Answer = "责任登记机构应于 " + s.local(c.Due).Format("2006年01月02日 15:04") + " 前答复是否受理"
	}
	return p.Receipt(r)
}

func days(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d 个工作日", n)
}

func acceptance(p *certificate.Printer, s sheet) ([]byte, error) {
	if s.Case.AcceptedAt.IsZero() {
		return nil, notYet("a notice of acceptance")
	}
	s.letter.At = s.local(s.Case.AcceptedAt)
	a := certificate.Acceptance{
		Letter: s.letter, Subject: s.subject(), Accepted: s.letter.At, Promised: days(s.Case.Steps.Promised),
		Statutory: days(s.Case.Steps.Statutory), Materials: s.materials(),
	}
	if c, ok := s.clock(hub.ClockPromised); ok && !c.Due.IsZero() {
		a.Expected = s.local(c.Due)
	}
	return p.Acceptance(a)
}

func refusal(p *certificate.Printer, s sheet) ([]byte, error) {
	r := s.Case.Refusal
	if r == nil {
		return nil, notYet("a notice of non-acceptance")
	}
	s.letter.At = s.local(r.At)
	return p.NonAcceptance(certificate.NonAcceptance{
		Letter: s.letter, Subject: s.subject(), Received: s.local(s.Case.ReceivedAt), Basis: "《不动产登记暂行条例》第十七条",
		Reasons: []string{refusalWords[r.Code] + "：" + r.Text},
	})
}

// supplement prints the last round.
func supplement(p *certificate.Printer, s sheet) ([]byte, error) {
	n := len(s.Case.Supplements)
	if n == 0 {
		return nil, notYet("a list of gaps")
	}
	round := s.Case.Supplements[n-1]
	s.letter.At = s.local(round.AskedAt)
	out := certificate.Supplement{Letter: s.letter, Subject: s.subject(), Round: round.Round, Reason: round.Reason, Where: s.Receiving.NameZH}
	for _, g := range round.Gaps {
		out.Gaps = append(out.Gaps, certificate.Gap{Where: s.where(g), Kind: word(gapWords, g.Reason), Detail: round.Notes[g.ID]})
	}
	return p.Supplement(out)
}

// where says in words what a gap is about.
func (s *sheet) where(g hub.Gap) string {
	switch g.Target {
	case "field":
		if f, ok := s.Standard.Field(g.Ref); ok {
			return "申请书：" + f.ZH
		}
	case "slot":
		if x, ok := s.Standard.Slot(g.Ref); ok {
			return x.ZH
		}
	case "region":
		if m, ok := s.Case.Material(hub.MaterialID(g.Ref)); ok {
			x, _ := s.Standard.Slot(m.Slot)
			return fmt.Sprintf("%s 第 %d 页标出之处", x.ZH, g.Page)
		}
	}
	return g.Ref
}

func rejection(p *certificate.Printer, s sheet) ([]byte, error) {
	o := s.Case.Outcome
	if o == nil || o.Approve {
		return nil, notYet("a notice of refusal")
	}
	s.letter.At = s.local(o.At)
	return p.Refusal(certificate.Refusal{
		Letter: s.letter, Subject: s.subject(), Accepted: s.local(s.Case.AcceptedAt), Basis: "《不动产登记暂行条例》第二十二条", Reasons: []string{o.Text},
	})
}

// questioning prints the newest record of one party, who was asked alone; or
// the record of a video session that is being sealed.
func questioning(p *certificate.Printer, s sheet) ([]byte, error) {
	if s.Record != nil {
		return p.Record(s.byVideo())
	}
	if s.Party < 0 || s.Party >= len(s.Case.PartyRefs) {
		return nil, notYet("a questioning record of this party")
	}
	last := s.Case.QuestioningOf(s.Case.PartyRefs[s.Party])
	if last == nil {
		return nil, notYet("a questioning record of this party")
	}
	rec := s.record(last)
	rec.Began = s.local(last.At)
	rec.Signed = []certificate.Signature{{Name: last.Name, Role: s.role(last.Role), Way: "电子签名", At: s.local(last.At)}}
	return p.Record(rec)
}

// record is what a questioning record says, however it came about.
func (s *sheet) record(q *hub.Questioning) certificate.Record {
	rec := certificate.Record{
		Letter: s.letter, Item: s.item(), Asked: certificate.Person{Name: q.Name, Role: s.role(q.Role)},
		Askers: []certificate.Person{{Name: s.Officers[q.By.Person], Role: "询问人"}}, Place: word(modeWords, q.Mode), Ended: s.local(q.At),
	}
	for _, x := range s.Standard.Questions {
		if a, ok := q.Answers[x.Key]; ok {
			rec.Answers = append(rec.Answers, certificate.Answer{Question: x.ZH, Answer: answer(a)})
		}
		if slices.Contains(q.Conflicts, x.Key) {
			rec.Conflict = append(rec.Conflict, "与其他当事人的回答不一致："+x.ZH)
		}
	}
	if q.Text != "" {
		rec.Answers = append(rec.Answers, certificate.Answer{Question: "还有什么需要补充的？", Answer: q.Text})
	}
	return rec
}

// byVideo is a record that was read back, confirmed and signed on screens.
func (s *sheet) byVideo() certificate.Record {
	rec := s.record(&s.Record.Record)
	rec.Place += "（会话 " + string(s.Record.Session)[:8] + "，全程录音录像）"
	rec.Began = s.local(s.Record.Began)
	for _, x := range s.Record.Signed {
		rec.Signed = append(rec.Signed, certificate.Signature{
			Name: x.Name, Role: word(partWords, string(x.Role)), Way: "屏幕手写签名", At: s.local(x.At), Picture: x.Picture,
		})
	}
	return rec
}

func answer(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "是"
		}
		return "否"
	case string:
		return v
	}
	return fmt.Sprint(v)
}

func (s *sheet) role(r string) string {
	for _, p := range s.Standard.Parties {
		if p.Role == r {
			return p.ZH
		}
	}
	return r
}

// delivery prints who took which paper.
func delivery(p *certificate.Printer, s sheet) ([]byte, error) {
	out := certificate.HandOut{Letter: s.letter, Subject: s.subject()}
	for _, r := range s.Case.Results {
		for _, g := range r.Given {
			out.Papers = append(out.Papers, certificate.HandedPaper{
				Number: r.Number, Way: wayWords[g.Way], Receiver: g.Receiver, At: s.local(g.At), Note: strings.TrimSpace(g.Carrier + " " + g.Tracking),
			})
		}
	}
	if len(out.Papers) == 0 {
		return nil, notYet("a record of handing out")
	}
	return p.HandOut(out)
}
