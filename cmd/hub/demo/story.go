package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// people are the three who take a case through: a clerk in Shenzhen, and two
// reviewers in Henan.
type people struct {
	clerk, first, second *client
}

// story is one case on its way.
type story struct {
	people
	say    func(format string, args ...any)
	scans  []Scan
	signed Scan // the corrected contract
	number int  // of this case in the run; it names its unit and papers

	id, caseNumber, offer string
	materials             map[string]string // slot → material id
}

// result is the answer to every command.
type result struct {
	Case   string `json:"case"`
	Number string `json:"number"`
	Seq    int64  `json:"seq"`
	Status string `json:"status"`
	Head   string `json:"head"`
}

// view is what the demo reads of a case.
type view struct {
	Number    string `json:"number"`
	Status    string `json:"status"`
	Custodian string `json:"custodian"`
	Seq       int64  `json:"seq"`
	Head      string `json:"head"`
	Offer     *struct {
		ID string `json:"id"`
		To string `json:"to"`
	} `json:"offer"`
	Parties []struct {
		Role string `json:"role"`
		Name string `json:"name"`
	} `json:"parties"`
	Materials []struct {
		ID   string `json:"id"`
		Slot string `json:"slot"`
	} `json:"materials"`
}

// run takes the case from the window to its close. Each step is checked by
// somebody else than who did it.
func (s *story) run(ctx context.Context) error {
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"read the standard of the handling place", s.readStandard},
		{"receive the application", s.receive},
		{"upload the scans", s.addScans},
		{"route and offer custody", s.offerCustody},
		{"take custody", s.takeCustody},
		{"ask for a supplement", s.askSupplement},
		{"answer the supplement", s.answerSupplement},
		{"accept the case", s.accept},
		{"first review", s.firstReview},
		{"second review", s.secondReview},
		{"decide and close", s.decide},
	}
	for _, step := range steps {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

const item = "transfer.resale"

// unit is a unit of Jiaxian, its own for each case.
func (s *story) unit() string { return fmt.Sprintf("410425001002GB00003F%08d", 50000+s.number) }

func (s *story) path(rest string) string { return "/api/v1/cases/" + s.id + rest }

func (s *story) readStandard(ctx context.Context) error {
	var r struct {
		Agency  string `json:"agency"`
		Place   string `json:"place"`
		Reasons []struct {
			Text string `json:"text"`
		} `json:"reasons"`
	}
	if err := s.clerk.do(ctx, get("/api/v1/route?item="+item+"&unit="+s.unit()), &r); err != nil {
		return err
	}
	s.say("%s asks who is responsible for unit %s: %s (place %s)", s.clerk.name, s.unit(), r.Agency, r.Place)
	for _, why := range r.Reasons {
		s.say("    because %s", why.Text)
	}
	var std struct {
		Slots []struct {
			Key      string `json:"key"`
			Required bool   `json:"required"`
		} `json:"slots"`
	}
	if err := s.clerk.do(ctx, get("/api/v1/standards?item="+item+"&unit="+s.unit()), &std); err != nil {
		return err
	}
	needed := 0
	for _, slot := range std.Slots {
		if slot.Required {
			needed++
		}
	}
	if needed == 0 {
		return errors.New("the standard asks for nothing")
	}
	s.say("the standard of %s is shown: %d materials, %d of them required", r.Agency, len(std.Slots), needed)
	return nil
}

func (s *story) receive(ctx context.Context) error {
	req := command("/api/v1/cases", map[string]any{
		"item": item, "unit": s.unit(),
		"form": map[string]any{
			"certificate": "豫(2022)郏县不动产权第0001234号", "price": 68_000_000, "contract_date": "2026-11-20",
			"address": fmt.Sprintf("郏县龙山街道迎宾路 8 号院 3 号楼 %d 室", 100+s.number), "only_home": true, "use": "residential", "ownership": "sole",
		},
		"parties": []map[string]any{
			{"role": "seller", "name": "张建国", "id_kind": "citizen_id", "id_number": "410425199003071231", "phone": "13800005678"},
			{"role": "buyer", "name": "李晓明", "id_kind": "citizen_id", "id_number": "44052418800101001" + "4", "phone": "13900001234"},
		},
	})
	var r result
	if err := s.clerk.do(ctx, req, &r); err != nil {
		return err
	}
	s.id, s.caseNumber = r.Case, r.Number
	s.say("%s receives the application: case %s (%s)", s.clerk.name, r.Number, r.Status)
	var again result
	if err := s.clerk.do(ctx, req, &again); err != nil {
		return err
	}
	if again != r {
		return fmt.Errorf("the repeated request gave %+v, the first %+v", again, r)
	}
	s.say("the same request sent again gives the same case, not a second one")
	var v view
	if err := s.clerk.do(ctx, get(s.path("")), &v); err != nil {
		return err
	}
	if v.Number != r.Number || len(v.Parties) != 2 || v.Parties[0].Name == "张建国" {
		return fmt.Errorf("the clerk sees %+v", v)
	}
	s.say("names are masked on screen: %s, %s", v.Parties[0].Name, v.Parties[1].Name)
	err := s.first.do(ctx, get(s.path("")), nil)
	if !hasCode(err, "not_found") {
		return fmt.Errorf("the other province sees a case it does not hold: %w", err)
	}
	s.say("%s in the other province cannot know of it yet: not_found", s.first.name)
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
		total += len(scan.Data)
	}
	s.say("%d files, %.1f MB uploaded, digests agree (%.1f s)", len(s.scans), float64(total)/1e6, time.Since(start).Seconds())
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
	var v view
	if err := s.clerk.do(ctx, get(s.path("")), &v); err != nil {
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
	var v view
	if err := s.clerk.do(ctx, get(s.path("")), &v); err != nil {
		return err
	}
	if v.Offer == nil {
		return errors.New("no offer is shown")
	}
	s.offer = v.Offer.ID
	s.say("%s offers custody to %s with a signed manifest; the case is frozen here", s.clerk.name, v.Offer.To)
	err := s.clerk.do(ctx, command(s.path("/withdraw"), map[string]any{"reason": "test"}), nil)
	if !hasCode(err, "case_frozen") {
		return fmt.Errorf("a frozen case took a command: %w", err)
	}
	return nil
}

func (s *story) takeCustody(ctx context.Context) error {
	err := eventually(ctx, func() (bool, string, error) {
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
	if err != nil {
		return err
	}
	req := command(s.path("/take"), map[string]any{"offer": s.offer})
	err = eventually(ctx, func() (bool, string, error) {
		err := s.first.do(ctx, req, nil)
		if hasCode(err, "not_delivered") {
			return false, "the offer is not verified at the handling place", nil
		}
		return err == nil, "", err
	})
	if err != nil {
		return err
	}
	s.say("%s in Henan: chain, signatures and files verified; takes custody", s.first.name)
	return s.seenBy(ctx, s.clerk, "arrived")
}

// seenBy checks from another person's desk that the case is at a step.
func (s *story) seenBy(ctx context.Context, c *client, status string) error {
	var v view
	if err := c.do(ctx, get(s.path("")), &v); err != nil {
		return err
	}
	if v.Status != status {
		return fmt.Errorf("%s sees %s, want %s", c.name, v.Status, status)
	}
	s.say("    %s sees it: %s, held by %s", c.name, v.Status, v.Custodian)
	return nil
}

func (s *story) askSupplement(ctx context.Context) error {
	body := map[string]any{"gaps": []map[string]any{
		{
			"target": "region", "ref": s.materials["contract"], "page": 1, "rect": [4]float64{0.1, 0.7, 0.5, 0.15},
			"reason": "incomplete", "note": "合同第一页缺少买方签字",
		},
		{"target": "field", "ref": "shares", "reason": "incomplete", "note": "请填写共有情况"},
	}}
	if err := s.first.do(ctx, command(s.path("/supplement"), body), nil); err != nil {
		return err
	}
	s.say("%s lists every gap at once: a region of the contract, and one field", s.first.name)
	return s.seenBy(ctx, s.clerk, "correcting")
}

func (s *story) answerSupplement(ctx context.Context) error {
	if err := s.addScan(ctx, s.signed); err != nil {
		return err
	}
	body := map[string]any{"answers": []map[string]any{
		{"gap": "g1", "material": s.materials["contract"], "remark": "已补签"},
		{"gap": "g2", "value": "单独所有"},
	}}
	if err := s.clerk.do(ctx, command(s.path("/answer"), body), nil); err != nil {
		return err
	}
	s.say("%s answers from the window; the custodian's chain carries the window's own signature", s.clerk.name)
	return s.seenBy(ctx, s.first, "arrived")
}

func (s *story) accept(ctx context.Context) error {
	if err := s.first.do(ctx, command(s.path("/accept"), map[string]any{}), nil); err != nil {
		return err
	}
	s.say("%s accepts the case (受理)", s.first.name)
	return s.seenBy(ctx, s.clerk, "accepted")
}

func (s *story) firstReview(ctx context.Context) error {
	var page bytes.Buffer
	r := get(s.path("/materials/" + s.materials["certificate"] + "/content"))
	if err := s.first.do(ctx, r, &page); err != nil {
		return err
	}
	body := map[string]any{"pass": true, "text": "材料齐全，权属清晰"}
	if err := s.first.do(ctx, command(s.path("/review/first"), body), nil); err != nil {
		return err
	}
	s.say("%s looks at the certificate (%d bytes, on record) and passes the first review", s.first.name, page.Len())
	return s.seenBy(ctx, s.second, "first_reviewed")
}

func (s *story) secondReview(ctx context.Context) error {
	body := map[string]any{"pass": true, "text": "同意"}
	err := s.first.do(ctx, command(s.path("/review/second"), body), nil)
	if !hasCode(err, "forbidden") && !hasCode(err, "same_person") {
		return fmt.Errorf("one person made both reviews: %w", err)
	}
	if err := s.second.do(ctx, command(s.path("/review/second"), body), nil); err != nil {
		return err
	}
	s.say("%s, another person, passes the second review", s.second.name)
	return s.seenBy(ctx, s.clerk, "second_reviewed")
}

func (s *story) decide(ctx context.Context) error {
	if err := s.second.do(ctx, command(s.path("/decide"), map[string]any{"approve": true, "text": "准予登记"}), nil); err != nil {
		return err
	}
	if err := s.seenBy(ctx, s.clerk, "approved"); err != nil {
		return err
	}
	if err := s.second.do(ctx, command(s.path("/close"), map[string]any{}), nil); err != nil {
		return err
	}
	s.say("%s decides: approved; the case is closed", s.second.name)
	return s.seenBy(ctx, s.clerk, "closed")
}

// bundle fetches the evidence.
func (s *story) bundle(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	err := s.second.do(ctx, request{method: http.MethodGet, path: s.path("/bundle")}, &b)
	return b.Bytes(), err
}
