package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What the handling place does: custody, supplement, acceptance, reviews,
// visit, notice, tax, decision.

func (s *story) takeCustody(ctx context.Context) error {
	if err := s.offered(ctx); err != nil {
		return err
	}
	req := command(s.path("/take"), map[string]any{"offer": s.offer})
	err := eventually(ctx, func() (bool, string, error) {
		err := s.first.do(ctx, req, nil)
		if hasCode(err, "not_delivered") {
			return false, "the offer is not verified at the handling place", nil
		}
		return err == nil, "", err
	})
	if err != nil {
		return err
	}
	s.say("%[1]s（%[2]s）：链、签名、文件核验无误，接收移交", "%[1]s in %[2]s: chain, signatures and files verified; takes custody", s.first.name, s.pick(s.desk.homeZH, s.desk.homeEN))
	return s.seenBy(ctx, s.clerk, "arrived")
}

func (s *story) askSupplement(ctx context.Context) error {
	gaps := make([]map[string]any, len(s.gaps))
	for i, g := range s.gaps {
		gaps[i] = map[string]any{"target": "slot", "ref": g.slot, "reason": g.reason, "note": g.note}
		switch {
		case g.field != "":
			gaps[i]["target"], gaps[i]["ref"] = "field", g.field
		case g.page > 0:
			gaps[i]["target"], gaps[i]["ref"], gaps[i]["page"], gaps[i]["rect"] = "region", s.materials[g.slot], g.page, g.rect
		}
	}
	if err := s.first.do(ctx, command(s.path("/supplement"), map[string]any{"gaps": gaps}), nil); err != nil {
		return err
	}
	s.say("%[1]s 一次性告知全部 %[2]d 处缺漏", "%[1]s lists every gap at once: %[2]d", s.first.name, len(gaps))
	for _, g := range s.gaps {
		switch {
		case g.field != "":
			s.say("    表单项“%[1]s”：%[2]s", "    field \"%[1]s\": %[2]s", s.names["field "+g.field], g.note)
		case g.page > 0:
			s.say("    材料“%[1]s”第 %[2]d 页所圈之处：%[3]s", "    material \"%[1]s\", a region of page %[2]d: %[3]s", s.names["slot "+g.slot], g.page, g.note)
		default:
			s.say("    材料“%[1]s”：%[2]s", "    material \"%[1]s\": %[2]s", s.names["slot "+g.slot], g.note)
		}
	}
	return s.seenBy(ctx, s.clerk, "correcting")
}

func (s *story) accept(ctx context.Context) error {
	if err := s.first.do(ctx, command(s.path("/accept"), map[string]any{}), nil); err != nil {
		return err
	}
	s.say("%s 受理", "%s accepts the case (受理)", s.first.name)
	return s.seenBy(ctx, s.clerk, "accepted")
}

// clockView is one clock as both places read it.
type clockView struct {
	Kind        string    `json:"kind"`
	Days        int       `json:"days"`
	Due         time.Time `json:"due"`
	State       string    `json:"state"`
	Provisional bool      `json:"provisional"`
}

func (s *story) clocks(ctx context.Context, c *client) ([]clockView, error) {
	var got struct {
		Clocks []clockView `json:"clocks"`
	}
	err := c.do(ctx, get(s.path("/clocks")), &got)
	return got.Clocks, err
}

// readClocks lets both places read the same figures.
func (s *story) readClocks(ctx context.Context) error {
	here, err := s.clocks(ctx, s.clerk)
	if err != nil {
		return err
	}
	there, err := s.clocks(ctx, s.first)
	if err != nil {
		return err
	}
	if len(here) != 3 || !slices.Equal(here, there) {
		return fmt.Errorf("the window reads %+v, the registry %+v", here, there)
	}
	s.say("两地看到同一时限", "both places read the same clocks")
	for _, k := range here {
		s.say("    %[1]s：%[2]d 个工作日，%[3]s，%[4]s", "    %[1]s: %[2]d working day(s), %[3]s, %[4]s", s.clockName(k.Kind), k.Days, s.due(k), s.clockState(k.State))
	}
	return nil
}

func (s *story) clockName(kind string) string {
	return map[string]string{
		"answer": s.pick("答复时限", "answer"), "promised": s.pick("承诺时限", "promised"), "statutory": s.pick("法定时限", "by law"),
	}[kind]
}

func (s *story) clockState(state string) string {
	return map[string]string{
		"running": s.pick("计时中", "running"), "stopped": s.pick("已停止计时", "stopped"), "ended": s.pick("已结束", "ended"), "overdue": s.pick("已超期", "overdue"),
	}[state]
}

// due is a due time on the wall clock of China.
func (s *story) due(k clockView) string {
	if k.Due.IsZero() {
		return s.pick("到期日待定", "no due day while it stands still")
	}
	at := k.Due.In(time.FixedZone("UTC+8", 8*3600)).Format("2006-01-02 15:04")
	if k.Provisional {
		return s.pick("到期 "+at+"（暂定）", "due "+at+" (provisional)")
	}
	return s.pick("到期 "+at, "due "+at)
}

func (s *story) firstReview(ctx context.Context) error {
	var page bytes.Buffer
	if err := s.first.do(ctx, get(s.path("/materials/"+s.materials[s.look]+"/content")), &page); err != nil {
		return err
	}
	body := map[string]any{"pass": true, "text": "材料齐全，权属清晰"}
	if err := s.first.do(ctx, command(s.path("/review/first"), body), nil); err != nil {
		return err
	}
	s.say("%[1]s 查看材料“%[2]s”（%[3]d 字节，留痕），初审通过", "%[1]s looks at the material \"%[2]s\" (%[3]d bytes, on record) and passes the first review", s.first.name, s.names["slot "+s.look], page.Len())
	if s.reviews == 1 {
		s.say("    本事项只有一级审核", "    this item has one review")
		return s.seenBy(ctx, s.second, "second_reviewed")
	}
	return s.seenBy(ctx, s.second, "first_reviewed")
}

func (s *story) secondReview(ctx context.Context) error {
	if s.reviews == 1 {
		return nil
	}
	body := map[string]any{"pass": true, "text": "同意"}
	err := s.first.do(ctx, command(s.path("/review/second"), body), nil)
	if err := refused(err, "one person made both reviews", "forbidden", "same_person"); err != nil {
		return err
	}
	if err := s.second.do(ctx, command(s.path("/review/second"), body), nil); err != nil {
		return err
	}
	s.say("%s（另一人）复审通过", "%s, another person, passes the second review", s.second.name)
	return s.seenBy(ctx, s.clerk, "second_reviewed")
}

// visitProperty (实地查看) writes down what an officer saw.
func (s *story) visitProperty(ctx context.Context) error {
	if err := s.first.do(ctx, command(s.path("/visit"), map[string]any{"agrees": true, "text": s.visit}), nil); err != nil {
		return err
	}
	s.say("%[1]s 实地查看：%[2]s", "%[1]s sees the property (实地查看): %[2]s", s.first.name, s.visit)
	return nil
}

// publishNotice (公告) opens the public notice, sees the clocks stand still, and
// ends it when it has run. On a hub whose clock is not ours the story ends here.
func (s *story) publishNotice(ctx context.Context) error {
	if err := s.first.do(ctx, command(s.path("/notice/open"), map[string]any{"text": s.notice}), nil); err != nil {
		return err
	}
	v, err := s.see(ctx, s.first)
	if err != nil {
		return err
	}
	if v.Notice == nil {
		return errors.New("no notice is shown")
	}
	until := v.Notice.Until
	day := until.In(time.FixedZone("UTC+8", 8*3600)).Format(time.DateOnly)
	s.say("%[1]s 发布公告，至 %[2]s：%[3]s", "%[1]s opens the public notice until %[2]s: %[3]s", s.first.name, day, s.notice)
	all, err := s.clocks(ctx, s.first)
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.Kind != "answer" && k.State != "stopped" {
			return fmt.Errorf("the clock %s is %s during the notice", k.Kind, k.State)
		}
		s.say("    %[1]s：%[2]s", "    %[1]s: %[2]s", s.clockName(k.Kind), s.clockState(k.State))
	}
	end := command(s.path("/notice/end"), map[string]any{"objection": false})
	err = s.first.do(ctx, end, nil)
	if err := refused(err, "a notice ended before its time", "wrong_state"); err != nil {
		return err
	}
	if s.ahead == nil {
		return &ended{
			"公告期至 " + day + "，期满前任何人不得提前结束；到期后由初审人员结束公告，案件继续办理",
			"the public notice runs until " + day + " and nobody may end it sooner; the first reviewer ends it then, and the case goes on",
		}
	}
	s.ahead(until.Add(time.Minute))
	if err := s.first.do(ctx, command(s.path("/notice/end"), map[string]any{"objection": false}), nil); err != nil {
		return err
	}
	s.say("演示把自己这台系统的时钟拨到 %s：公告期满，无人异议", "the demo sets the clock of its own hub forward to %s: the notice has run, nobody objected", day)
	return nil
}

// confirmTax lets the decision wait for the tax bureau's word.
func (s *story) confirmTax(ctx context.Context) error {
	err := s.second.do(ctx, command(s.path("/decide"), map[string]any{"approve": true}), nil)
	if err := refused(err, "a case was approved without proof of tax", "missing_step"); err != nil {
		return err
	}
	body := map[string]any{"result": s.tax.result, "document": s.tax.document}
	if err := s.first.do(ctx, command(s.path("/tax"), body), nil); err != nil {
		return err
	}
	word := map[string]string{"paid": s.pick("已完税", "paid"), "exempt": s.pick("免税", "exempt"), "not_due": s.pick("不征税", "not due")}[s.tax.result]
	s.say("未见完税结果不得核准（契税法第 11 条）；%[1]s 确认：%[2]s", "no approval without proof of tax (契税法 art. 11); %[1]s confirms it: %[2]s", s.first.name, word)
	return nil
}

func (s *story) decide(ctx context.Context) error {
	if err := s.second.do(ctx, command(s.path("/decide"), map[string]any{"approve": true, "text": "准予登记"}), nil); err != nil {
		return err
	}
	s.say("%s 核准", "%s decides: approved", s.second.name)
	return s.seenBy(ctx, s.clerk, "approved")
}

func (s *story) finish(ctx context.Context) error {
	if err := s.second.do(ctx, command(s.path("/close"), map[string]any{}), nil); err != nil {
		return err
	}
	s.say("案件办结", "the case is closed")
	return s.seenBy(ctx, s.clerk, "closed")
}
