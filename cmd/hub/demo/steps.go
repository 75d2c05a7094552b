package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
)

// question is one question of the standard's questioning record.
type question struct {
	Key   string   `json:"key"`
	Kind  string   `json:"kind"`
	Roles []string `json:"roles"`
	Risk  string   `json:"risk"`
	ZH    string   `json:"zh"`
}

// compareStandards shows the clerk what the other place asks otherwise than his own.
func (s *story) compareStandards(ctx context.Context) error {
	var d struct {
		Changes []struct {
			ZH string `json:"zh"`
		} `json:"changes"`
	}
	if err := s.clerk.do(ctx, get("/api/v1/standards/diff?item="+item+"&unit="+s.unit()), &d); err != nil {
		return err
	}
	if len(d.Changes) == 0 {
		return errors.New("two places that differ show no difference")
	}
	s.say("what this place asks otherwise than the clerk's own: %d points", len(d.Changes))
	for _, c := range d.Changes {
		s.say("    %s", c.ZH)
	}
	return nil
}

// questionParties records the questioning (询问笔录) of each party at the window.
func (s *story) questionParties(ctx context.Context) error {
	err := s.first.do(ctx, command(s.path("/accept"), map[string]any{}), nil)
	if !hasCode(err, "missing_step") {
		return fmt.Errorf("a case was accepted before its parties were questioned: %w", err)
	}
	for n, role := range []string{"seller", "buyer"} {
		digest, err := s.clerk.upload(ctx, signature(s.number, n), "image/png")
		if err != nil {
			return err
		}
		answers := map[string]any{}
		for _, q := range s.questions {
			if len(q.Roles) > 0 && !slices.Contains(q.Roles, role) {
				continue
			}
			answers[q.Key] = q.Risk == "no" // the answer that is no risk
		}
		body := map[string]any{"party": n, "mode": "window", "answers": answers, "signature": digest}
		if err := s.clerk.do(ctx, command(s.path("/questioning"), body), nil); err != nil {
			return err
		}
	}
	s.say("%s asks each party separately, %d questions, signed (询问笔录)", s.clerk.name, len(s.questions))
	return nil
}

// signature draws a stroke of its own for each party.
func signature(n, party int) []byte {
	img := image.NewGray(image.Rect(0, 0, 240, 80))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 10; x < 230; x++ {
		y := 40 + (x*x/(7+party)+n*13)%31 - 15
		for d := range 3 {
			img.SetGray(x, y+d, color.Gray{})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return b.Bytes()
}

// confirmTax lets the decision wait for the tax bureau's word.
func (s *story) confirmTax(ctx context.Context) error {
	err := s.second.do(ctx, command(s.path("/decide"), map[string]any{"approve": true}), nil)
	if !hasCode(err, "missing_step") {
		return fmt.Errorf("a case was approved without proof of tax: %w", err)
	}
	body := map[string]any{"result": "paid", "document": fmt.Sprintf("4104251126%08d", s.number)}
	if err := s.first.do(ctx, command(s.path("/tax"), body), nil); err != nil {
		return err
	}
	s.say("no approval without proof of tax (契税法 art. 11); %s confirms it", s.first.name)
	return nil
}

// readClocks lets both places read the same figures.
func (s *story) readClocks(ctx context.Context) error {
	type clocks struct {
		Clocks []struct {
			Kind  string `json:"kind"`
			Days  int    `json:"days"`
			Due   string `json:"due"`
			State string `json:"state"`
		} `json:"clocks"`
	}
	var here, there clocks
	if err := s.clerk.do(ctx, get(s.path("/clocks")), &here); err != nil {
		return err
	}
	if err := s.first.do(ctx, get(s.path("/clocks")), &there); err != nil {
		return err
	}
	if len(here.Clocks) != 3 || !slices.Equal(here.Clocks, there.Clocks) {
		return fmt.Errorf("the window reads %+v, the registry %+v", here, there)
	}
	for _, k := range here.Clocks {
		s.say("    clock %s: %d working day(s), due %s, %s", k.Kind, k.Days, k.Due, k.State)
	}
	return nil
}

// rate gives both places a grade, and follows the bad one up.
func (s *story) rate(ctx context.Context) error {
	var p struct {
		Words string   `json:"words"`
		Rate  []string `json:"rate"`
		Steps []struct {
			Words string `json:"words"`
		} `json:"steps"`
	}
	if err := s.clerk.do(ctx, get(s.path("/progress")), &p); err != nil {
		return err
	}
	if len(p.Rate) != 2 || p.Words == "" || len(p.Steps) == 0 {
		return fmt.Errorf("the progress is %+v", p)
	}
	s.say("the applicant reads: 「%s」, %d steps in plain words", p.Words, len(p.Steps))
	for place, grade := range map[string]int{"receiving": 5, "handling": 2} {
		if err := s.clerk.do(ctx, command(s.path("/rate"), map[string]any{"place": place, "grade": grade}), nil); err != nil {
			return err
		}
	}
	err := s.clerk.do(ctx, command(s.path("/rate"), map[string]any{"place": "handling", "grade": 5}), nil)
	if !hasCode(err, "wrong_state") {
		return fmt.Errorf("a place was rated twice: %w", err)
	}
	body := map[string]any{"place": "handling", "outcome": "explained", "text": "已电话回访，说明补正原因"}
	if err := s.lead.do(ctx, command(s.path("/rating/answer"), body), nil); err != nil {
		return err
	}
	s.say("both places are rated (好差评); %s follows the bad grade up", s.lead.name)
	return nil
}
