package certificate

import (
	"strconv"
	"time"
)

// Legal reasons are given by the caller; these words on remedies follow
// 行政复议法 art. 20 (60 days) and 行政诉讼法 art. 46 (six months).
const remedy = "如不服本通知，可以自收到本通知书之日起六十日内依法申请行政复议，或者自收到本通知书之日起六个月内依法向人民法院提起行政诉讼。"

// NonAcceptance is the 不予受理通知书 (条例 art. 17): every gap at once, or the right place.
type NonAcceptance struct {
	Letter
	Subject
	Received   time.Time
	Basis      string   // 法律依据
	Reasons    []string // at least one
	RightPlace string   // the agency to apply to, when this is the wrong one; may be empty
	Remedy     string   // empty for the usual words
}

// NonAcceptance prints the notice of non-acceptance. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) NonAcceptance(n NonAcceptance) ([]byte, error) {
	if err := required(n.Letter, append(n.gaps(), gap{"/reasons", joined(n.Reasons)})...); err != nil {
		return nil, err
	}
	return p.letter(n.Letter, words{"不予受理通知书", "Notice of Non-acceptance"}, func(s *sheet) {
		s.paragraph(n.Applicant+"：", style{size: bodySize, lead: 21, ink: black})
		s.paragraph("您（单位）"+since(n.Received)+"申请的"+n.Item+"，经审查，本机构决定不予受理。", body)
		s.table(subjectShares, n.rows(), 0)
		reasons(s, words{"不予受理的理由", "Reasons"}, n.Reasons)
		legal(s, n.Basis)
		if clean(n.RightPlace) != "" {
			heading(s, words{"有权受理的机构", "Where to apply"})
			s.paragraph(n.RightPlace, body)
		}
		closing(s, n.Remedy)
	})
}

// Refusal is the 不予登记告知书 (条例 art. 22).
type Refusal struct {
	Letter
	Subject
	Accepted time.Time
	Basis    string   // 法律依据
	Reasons  []string // at least one
	Returned string   // what is given back and how; may be empty
	Remedy   string   // empty for the usual words
}

// Refusal prints the notice of refusal to register. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Refusal(n Refusal) ([]byte, error) {
	if err := required(n.Letter, append(n.gaps(), gap{"/reasons", joined(n.Reasons)}, gap{"/basis", n.Basis})...); err != nil {
		return nil, err
	}
	return p.letter(n.Letter, words{"不予登记告知书", "Notice of Refusal to Register"}, func(s *sheet) {
		s.paragraph(n.Applicant+"：", style{size: bodySize, lead: 21, ink: black})
		s.paragraph("您（单位）"+since(n.Accepted)+"受理的"+n.Item+"，经审核，本机构决定不予登记。", body)
		s.table(subjectShares, n.rows(), 0)
		reasons(s, words{"不予登记的理由", "Reasons"}, n.Reasons)
		legal(s, n.Basis)
		if clean(n.Returned) != "" {
			heading(s, words{"材料退还", "Return of papers"})
			s.paragraph(n.Returned, body)
		}
		closing(s, n.Remedy)
	})
}

// Gap is one thing to mend.
type Gap struct {
	Where  string // the field, the material, or the page and place in it
	Kind   string // 有误, 不齐, 过期, …
	Detail string // what is wrong and what to bring
}

// Supplement is the 一次性补正告知书: all gaps at once, and until when.
type Supplement struct {
	Letter
	Subject
	Gaps     []Gap // at least one
	Deadline time.Time
	Round    int    // 1, or more with a supervisor's reason
	Reason   string // of a further round
	Where    string // where to hand the supplement in
}

// Supplement prints the list of gaps. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Supplement(n Supplement) ([]byte, error) {
	gaps := n.gaps()
	if len(n.Gaps) == 0 {
		gaps = append(gaps, gap{"/gaps", ""})
	}
	for i, g := range n.Gaps {
		gaps = append(gaps, gap{"/gaps/" + strconv.Itoa(i) + "/where", g.Where}, gap{"/gaps/" + strconv.Itoa(i) + "/detail", g.Detail})
	}
	if err := required(n.Letter, gaps...); err != nil {
		return nil, err
	}
	return p.letter(n.Letter, words{"一次性补正告知书", "Notice of All Gaps to Mend"}, func(s *sheet) {
		s.paragraph(n.Applicant+"：", style{size: bodySize, lead: 21, ink: black})
		until := ""
		if !n.Deadline.IsZero() {
			until = "请于" + date(n.Deadline) + "前补正。"
		}
		s.paragraph("您（单位）申请的"+n.Item+"，经审查需要补正。现将全部需要补正的内容一次性告知如下，共 "+
			strconv.Itoa(len(n.Gaps))+" 项。"+until+"补正期间不计入办理时限。", body)
		s.table(subjectShares, n.rows(), 0)
		heading(s, words{"需要补正的内容", "Gaps to mend"})
		rows := []row{{cells: []cell{
			label("序号", "No."), label("位置", "Field, material or place"), label("问题", "Kind"), label("说明与要求", "What is wrong, what to bring"),
		}}}
		for i, g := range n.Gaps {
			rows = append(rows, row{least: 26, cells: []cell{
				{text: strconv.Itoa(i + 1), align: centre}, {text: g.Where}, {text: dash(g.Kind), align: centre}, {text: g.Detail},
			}})
		}
		s.table([]float64{32, 142, 52, 245}, rows, 1)
		if n.Round > 1 {
			heading(s, words{"第 " + strconv.Itoa(n.Round) + " 次补正的原因", "Why there is a further round"})
			s.paragraph(dash(n.Reason), body)
		}
		if clean(n.Where) != "" {
			heading(s, words{"补正方式", "How to hand in"})
			s.paragraph(n.Where, body)
		}
		signers(s, []string{"签收人签名 Received by", "签收日期 Date"})
	})
}

// Cancellation is the 注销登记告知书, or the 注销登记公告 when it is put up for everybody.
type Cancellation struct {
	Letter
	Public       bool
	Holder       string // 权利人, masked by the caller in a public notice
	Certificate  string // 不动产权证书（证明）号
	Location     string
	Unit         string
	RightType    string
	Cause        string // 注销原因
	Basis        string // 法律依据
	Booked       time.Time
	Objection    string // where and until when to object; may be empty
	Consequences string // empty for the usual words
}

// Cancellation prints the notice. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Cancellation(n Cancellation) ([]byte, error) {
	err := required(n.Letter, gap{"/holder", n.Holder}, gap{"/certificate", n.Certificate}, gap{"/location", n.Location}, gap{"/cause", n.Cause})
	if err != nil {
		return nil, err
	}
	title := words{"注销登记告知书", "Notice of Cancellation"}
	if n.Public {
		title = words{"注销登记公告", "Public Notice of Cancellation"}
	}
	return p.letter(n.Letter, title, func(s *sheet) {
		if !n.Public {
			s.paragraph(n.Holder+"：", style{size: bodySize, lead: 21, ink: black})
		}
		when := ""
		if !n.Booked.IsZero() {
			when = "于" + date(n.Booked)
		}
		s.paragraph("下列不动产权利，本机构依法"+when+"办理注销登记，现予"+map[bool]string{true: "公告", false: "告知"}[n.Public]+"。", body)
		s.y += 4
		s.table(subjectShares, []row{
			entry("权利人", "Right holder", n.Holder),
			entry("证书（证明）号", "Certificate", n.Certificate),
			entry("坐落", "Location", n.Location),
			entry("不动产单元号", "Unit number", unitGroups(n.Unit)),
			entry("权利类型", "Type of right", n.RightType),
			entry("注销原因", "Cause", n.Cause),
		}, 0)
		legal(s, n.Basis)
		heading(s, words{"效力", "Effect"})
		text := n.Consequences
		if clean(text) == "" {
			text = "自记载于不动产登记簿时起，上述权利消灭，原证书（证明）作废。"
		}
		s.paragraph(text, body)
		if clean(n.Objection) != "" {
			heading(s, words{"异议", "Objections"})
			s.paragraph(n.Objection, body)
		}
	})
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date(t)
}

func reasons(s *sheet, h words, all []string) {
	heading(s, h)
	for i, r := range all {
		text := r
		if len(all) > 1 {
			text = strconv.Itoa(i+1) + ". " + r
		}
		s.paragraph(text, body)
	}
}

func legal(s *sheet, basis string) {
	if clean(basis) != "" {
		heading(s, words{"法律依据", "Legal basis"})
		s.paragraph(basis, body)
	}
}

func closing(s *sheet, own string) {
	if clean(own) == "" {
		own = remedy
	}
	s.y += 6
	s.paragraph(own, note)
}
