package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// What the window does: standard, receiving, scans, hand-over, supplement,
// questioning, rating.

// question is one question of the standard's questioning record.
type question struct {
	Key   string   `json:"key"`
	Kind  string   `json:"kind"`
	Roles []string `json:"roles"`
	Risk  string   `json:"risk"`
	ZH    string   `json:"zh"`
	EN    string   `json:"en"`
}

// named is a slot or a field of the standard.
type named struct {
	Key string `json:"key"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

func (q question) asks(role string) bool { return len(q.Roles) == 0 || slices.Contains(q.Roles, role) }

func (s *story) readStandard(ctx context.Context) error {
	var r struct {
		Agency  string `json:"agency"`
		Place   string `json:"place"`
		Reasons []struct {
			Text string `json:"text"`
		} `json:"reasons"`
	}
	of := "?item=" + s.item + "&unit=" + s.unit()
	if err := s.clerk.do(ctx, get("/api/v1/route"+of), &r); err != nil {
		return err
	}
	s.say("%[1]s（%[2]s）的申请人要办：%[3]s", "an applicant comes to %[1]s at %[2]s for: %[3]s", s.clerk.name, s.pick(s.desk.windowZH, s.desk.windowEN), s.pick(s.zh, s.en))
	s.say("不动产单元 %[1]s 由谁办理：%[2]s（%[3]s）", "who is responsible for unit %[1]s: %[2]s (place %[3]s)", s.unit(), r.Agency, r.Place)
	for _, why := range r.Reasons {
		s.say("    理由：%s", "    because %s", why.Text)
	}
	var std struct {
		Slots     []named    `json:"slots"`
		Fields    []named    `json:"fields"`
		Questions []question `json:"questions"`
		Plan      struct {
			Reviews int `json:"reviews"`
		} `json:"plan"`
	}
	if err := s.clerk.do(ctx, get("/api/v1/standards"+of), &std); err != nil {
		return err
	}
	s.questions, s.reviews, s.names = std.Questions, std.Plan.Reviews, map[string]string{}
	for _, n := range std.Slots {
		s.names["slot "+n.Key] = s.pick(n.ZH, n.EN)
	}
	for _, n := range std.Fields {
		s.names["field "+n.Key] = s.pick(n.ZH, n.EN)
	}
	if len(std.Slots) == 0 || s.reviews == 0 {
		return errors.New("the standard asks for nothing")
	}
	s.say("%[1]s 的办事标准：材料 %[2]d 项，询问 %[3]d 问，审核 %[4]d 级", "the standard of %[1]s: %[2]d materials, %[3]d questions, %[4]d review(s)", r.Agency, len(std.Slots), len(std.Questions), s.reviews)
	return nil
}

// compareStandards shows the clerk what the other place asks otherwise than his own.
func (s *story) compareStandards(ctx context.Context) error {
	var d struct {
		Changes []struct {
			ZH string `json:"zh"`
			EN string `json:"en"`
		} `json:"changes"`
	}
	if err := s.clerk.do(ctx, get("/api/v1/standards/diff?item="+s.item+"&unit="+s.unit()), &d); err != nil {
		return err
	}
	if len(d.Changes) == 0 {
		return errors.New("two places that differ show no difference")
	}
	s.say("与本地标准不同之处：%d 项", "what this place asks otherwise than the clerk's own: %d points", len(d.Changes))
	for _, c := range d.Changes {
		s.say("    %s", "    %s", s.pick(c.ZH, c.EN))
	}
	return nil
}

// assess asks what this very application needs, before anything is kept, and
// holds the story's papers against it.
func (s *story) assess(ctx context.Context) error {
	var a struct {
		Wrong []struct {
			Pointer string `json:"pointer"`
			Code    string `json:"code"`
		} `json:"wrong"`
		Needs []string `json:"needs"`
		Fees  []struct {
			Fen   int64  `json:"fen"`
			Count int64  `json:"count"`
			ZH    string `json:"zh"`
			EN    string `json:"en"`
		} `json:"fees"`
		Total int64 `json:"total_fen"`
		Steps struct {
			Tax    bool `json:"tax"`
			Notice int  `json:"notice_days"`
			Visit  bool `json:"visit"`
			Video  bool `json:"video"`
		} `json:"steps"`
	}
	body := map[string]any{"item": s.item, "unit": s.unit(), "form": s.formOf(s.number), "parties": s.parties}
	req := command("/api/v1/standards/assess", body)
	req.key = "" // nothing is kept
	if err := s.clerk.do(ctx, req, &a); err != nil {
		return err
	}
	if len(a.Wrong) > 0 {
		return fmt.Errorf("the form does not satisfy the standard: %v", a.Wrong)
	}
	for _, slot := range a.Needs {
		if !slices.ContainsFunc(s.scans, func(x Scan) bool { return x.Slot == slot }) {
			return fmt.Errorf("the story has no paper for %q", slot)
		}
	}
	if st := a.Steps; st.Tax != (s.tax != nil) || (st.Notice > 0) != (s.notice != "") || st.Visit != (s.visit != "") {
		return fmt.Errorf("the steps of the standard are %+v", st)
	}
	s.say("预审：表单无误，需 %[1]d 项材料，费用共 %[2]s 元", "the form is good; it needs %[1]d materials and costs %[2]s yuan", len(a.Needs), yuan(a.Total))
	for _, f := range a.Fees {
		s.say("    %[1]s：%[2]s 元 × %[3]d", "    %[1]s: %[2]s yuan × %[3]d", s.pick(f.ZH, f.EN), yuan(f.Fen), f.Count)
	}
	if a.Steps.Video {
		s.say("    标准要求视频核验（视频尚未接入本演示）", "    the standard wants a video session (not yet part of this demo)")
	}
	return nil
}

// yuan writes fen for people.
func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

func (s *story) receive(ctx context.Context) error {
	req := command("/api/v1/cases", map[string]any{"item": s.item, "unit": s.unit(), "form": s.formOf(s.number), "parties": s.parties})
	var r result
	if err := s.clerk.do(ctx, req, &r); err != nil {
		return err
	}
	s.id, s.caseNumber = r.Case, r.Number
	s.say("%[1]s 收件：案件 %[2]s（%[3]s）", "%[1]s receives the application: case %[2]s (%[3]s)", s.clerk.name, r.Number, s.status(r.Status))
	var again result
	if err := s.clerk.do(ctx, req, &again); err != nil {
		return err
	}
	if again != r {
		return fmt.Errorf("the repeated request gave %+v, the first %+v", again, r)
	}
	s.say("同一请求再发一次，仍是同一案件", "the same request sent again gives the same case, not a second one")
	v, err := s.see(ctx, s.clerk)
	if err != nil {
		return err
	}
	if v.Number != r.Number || len(v.Parties) != len(s.parties) || v.Parties[0].Name == s.parties[0].Name {
		return fmt.Errorf("the clerk sees %+v", v)
	}
	s.say("屏幕上姓名已脱敏：%s", "names are masked on screen: %s", v.Parties[0].Name)
	_, err = s.see(ctx, s.first)
	if err := refused(err, "the other province sees a case it does not hold", "not_found"); err != nil {
		return err
	}
	s.say("%s 在另一省，此时还看不到此案：not_found", "%s in the other province cannot know of it yet: not_found", s.first.name)
	return nil
}

func (s *story) addScans(ctx context.Context) error {
	s.materials = map[string]string{}
	total := 0
	start := time.Now()
	for _, scan := range s.scans {
		if err := s.addScan(ctx, scan); err != nil {
			return fmt.Errorf("%s: %w", scan.Slot, err)
		}
		s.say("    %[1]s（%.0[2]f KB）", "    %[1]s (%.0[2]f KB)", scan.Name, float64(len(scan.Data))/1e3)
		total += len(scan.Data)
	}
	s.say("已上传 %[1]d 个文件，%.1[2]f MB，摘要一致（%.1[3]f 秒）", "%[1]d files, %.1[2]f MB uploaded, digests agree (%.1[3]f s)", len(s.scans), float64(total)/1e6, time.Since(start).Seconds())
	return nil
}

func (s *story) addScan(ctx context.Context, scan Scan) error {
	scan = scan.of(s.number)
	digest, err := s.clerk.upload(ctx, scan.Data, scan.Type)
	if err != nil {
		return err
	}
	before := s.materials[scan.Slot]
	body := map[string]any{"slot": scan.Slot, "digest": digest, "name": scan.Name, "seen_original": true}
	if err := s.clerk.do(ctx, command(s.path("/materials"), body), nil); err != nil {
		return err
	}
	v, err := s.see(ctx, s.clerk)
	if err != nil {
		return err
	}
	for _, m := range v.Materials {
		if m.Slot == scan.Slot {
			s.materials[scan.Slot] = m.ID
		}
	}
	if s.materials[scan.Slot] == before {
		return errors.New("the case does not show the file")
	}
	return nil
}

func (s *story) offerCustody(ctx context.Context) error {
	if err := s.clerk.do(ctx, command(s.path("/route"), map[string]any{}), nil); err != nil {
		return err
	}
	if err := s.clerk.do(ctx, command(s.path("/offer"), map[string]any{"note": "材料齐全，请接收"}), nil); err != nil {
		return err
	}
	v, err := s.see(ctx, s.clerk)
	if err != nil {
		return err
	}
	if v.Offer == nil {
		return errors.New("no offer is shown")
	}
	s.offer = v.Offer.ID
	s.say("%[1]s 向 %[2]s 移交，附签名清单；本地案件冻结", "%[1]s offers custody to %[2]s with a signed manifest; the case is frozen here", s.clerk.name, v.Offer.To)
	err = s.clerk.do(ctx, command(s.path("/withdraw"), map[string]any{"reason": "test"}), nil)
	return refused(err, "a frozen case took a command", "case_frozen")
}

// answerSupplement fills every gap from the window: new files first, then one
// answer to the whole notice.
func (s *story) answerSupplement(ctx context.Context) error {
	answers := make([]map[string]any, len(s.gaps))
	for i, g := range s.gaps {
		a := map[string]any{"gap": fmt.Sprintf("g%d", i+1)}
		if g.field != "" {
			a["value"] = s.fill(g.value, s.number)
		} else {
			if err := s.addScan(ctx, s.fixed[i]); err != nil {
				return fmt.Errorf("%s: %w", g.slot, err)
			}
			a["material"] = s.materials[g.slot]
		}
		if g.remark != "" {
			a["remark"] = g.remark
		}
		answers[i] = a
	}
	if err := s.clerk.do(ctx, command(s.path("/answer"), map[string]any{"answers": answers}), nil); err != nil {
		return err
	}
	s.say("%s 在窗口一次答复；办理地的链上带有窗口自己的签名", "%s answers from the window; the custodian's chain carries the window's own signature", s.clerk.name)
	return s.seenBy(ctx, s.first, "arrived")
}

// questionParties records the questioning (询问笔录) of each party at the
// window: every party that the standard has questions for, separately.
func (s *story) questionParties(ctx context.Context) error {
	if len(s.questions) == 0 {
		s.say("本事项无须询问", "this item has no questioning")
		return nil
	}
	left := 0
	for n, p := range s.parties {
		if len(s.answersOf(p.Role)) > 0 && !s.asked[n] {
			left++
		}
	}
	if left == 0 { // all were asked by video
		return s.noRisks(ctx)
	}
	err := s.first.do(ctx, command(s.path("/accept"), map[string]any{}), nil)
	if err := refused(err, "a case was accepted before its parties were questioned", "missing_step"); err != nil {
		return err
	}
	for n, p := range s.parties {
		answers := s.answersOf(p.Role)
		if len(answers) == 0 || s.asked[n] {
			continue
		}
		digest, err := s.clerk.upload(ctx, signature(s.number, n), "image/png")
		if err != nil {
			return err
		}
		body := map[string]any{"party": n, "mode": "window", "answers": answers, "signature": digest}
		if err := s.clerk.do(ctx, command(s.path("/questioning"), body), nil); err != nil {
			return fmt.Errorf("party %d: %w", n+1, err)
		}
	}
	s.say("%[1]s 分别询问 %[2]d 方，均已签字（询问笔录）", "%[1]s asks %[2]d parties separately, each signed (询问笔录)", s.clerk.name, left)
	for _, q := range s.questions {
		s.say("    问：%s", "    asked: %s", s.pick(q.ZH, q.EN))
	}
	return s.noRisks(ctx)
}

// answersOf are the answers of a party that are no risk, by question; empty
// where nothing is asked.
func (s *story) answersOf(role string) map[string]any {
	answers := map[string]any{}
	for _, q := range s.questions {
		if !q.asks(role) {
			continue
		}
		answers[q.Key] = q.Risk == "no" // the answer that is no risk
		if v, ok := s.answers[q.Key]; ok {
			answers[q.Key] = v
		}
	}
	return answers
}

// noRisks holds that the questioning showed none.
func (s *story) noRisks(ctx context.Context) error {
	v, err := s.see(ctx, s.first)
	if err != nil {
		return err
	}
	for _, q := range v.Questioned {
		if len(q.Flags)+len(q.Conflicts) > 0 {
			return fmt.Errorf("the answers show risks %v and conflicts %v", q.Flags, q.Conflicts)
		}
	}
	return nil
}

// rate gives both places a grade, and follows a bad one up.
func (s *story) rate(ctx context.Context) error {
	var p struct {
		Words string   `json:"words"`
		Rate  []string `json:"rate"`
		Steps []any    `json:"steps"`
	}
	if err := s.clerk.do(ctx, get(s.path("/progress")), &p); err != nil {
		return err
	}
	if len(p.Rate) != 2 || p.Words == "" || len(p.Steps) == 0 {
		return fmt.Errorf("the progress is %+v", p)
	}
	s.say("申请人看到：“%[1]s”，共 %[2]d 步", "the applicant reads: “%[1]s”, %[2]d steps in plain words", p.Words, len(p.Steps))
	for i, place := range []string{"receiving", "handling"} {
		body := map[string]any{"place": place, "grade": s.rating[i]}
		if err := s.clerk.do(ctx, command(s.path("/rate"), body), nil); err != nil {
			return err
		}
	}
	err := s.clerk.do(ctx, command(s.path("/rate"), map[string]any{"place": "handling", "grade": 5}), nil)
	if err := refused(err, "a place was rated twice", "wrong_state"); err != nil {
		return err
	}
	s.say("两地分别评价：收件地 %[1]d 分，办理地 %[2]d 分（好差评）", "both places are rated (好差评): %[1]d for the window, %[2]d for the registry, of 5", s.rating[0], s.rating[1])
	if s.rating[1] > 2 {
		return nil
	}
	body := map[string]any{"place": "handling", "outcome": "explained", "text": "已电话回访，说明补正原因"}
	if err := s.lead.do(ctx, command(s.path("/rating/answer"), body), nil); err != nil {
		return err
	}
	s.say("差评由 %s 回访处理", "%s follows the bad grade up", s.lead.name)
	return nil
}

// offered waits until the offer is in the queue of the handling place.
func (s *story) offered(ctx context.Context) error {
	return eventually(ctx, func() (bool, string, error) {
		var list struct {
			Cases []struct {
				ID string `json:"id"`
			} `json:"cases"`
		}
		path := "/api/v1/cases?queue=offered&number=" + url.QueryEscape(s.caseNumber)
		if err := s.first.do(ctx, get(path), &list); err != nil {
			return false, "", err
		}
		return len(list.Cases) == 1 && list.Cases[0].ID == s.id, "the offer is not in the queue of the handling place", nil
	})
}
