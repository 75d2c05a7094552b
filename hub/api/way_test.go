package api

import (
	"strings"
	"testing"

	"tongban/hub/hubtest"
)

func application() map[string]any {
	return map[string]any{
		"item": "transfer.resale", "unit": hubtest.Unit, "form": map[string]any{"price": 88_000_000},
		"parties": []map[string]any{
			{"role": "seller", "name": "张三丰", "id_kind": "citizen_id", "id_number": "410425199003071231", "phone": "13800005678"},
			{"role": "buyer", "name": "李四", "id_kind": "passport", "id_number": "E87654321"},
		},
	}
}

// secrets are what no answer and no line of the log may hold unless unmasked.
var secrets = []string{"张三丰", "李四", "410425199003071231", "E87654321", "13800005678"}

var pdf = []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")

// received opens a case over HTTP and returns its path.
func (s *site) received(key string) string {
	s.t.Helper()
	a := s.cmd("clerk", "/api/v1/cases", key, application())
	if a.status != 201 {
		s.t.Fatalf("receive: %d %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// withContract is a case whose only required slot is filled.
func (s *site) withContract(key string) string {
	s.t.Helper()
	path := s.received(key)
	content := append([]byte(nil), pdf...)
	d := s.upload("clerk", append(content, key...))
	s.must(201, s.cmd("clerk", path+"/materials", key+"-m", map[string]any{"slot": "contract", "digest": d, "name": "张三丰的合同.pdf", "seen_original": true}))
	return path
}

func (s *site) must(status int, a answer) answer {
	s.t.Helper()
	if a.status != status {
		s.t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// offered is a case in the air; arrived one that the registry has taken.
func (s *site) offered(key string) (path, offer string) {
	s.t.Helper()
	path = s.withContract(key)
	s.must(200, s.cmd("clerk", path+"/route", key+"-r", map[string]any{}))
	s.must(200, s.cmd("clerk", path+"/offer", key+"-o", map[string]any{"note": "请接收"}))
	var v struct{ Offer struct{ ID string } }
	s.must(200, s.do("clerk", "GET", path, nil, nil)).into(s.t, &v)
	return path, v.Offer.ID
}

func (s *site) arrived(key string) string {
	s.t.Helper()
	path, offer := s.offered(key)
	s.deliver()
	s.must(200, s.cmd("first", path+"/take", key+"-t", map[string]any{"offer": offer}))
	return path
}

func TestACaseGoesItsWholeWayOverHTTP(t *testing.T) {
	s := newSite(t)
	path := s.arrived("way")
	s.must(200, s.cmd("first", path+"/supplement", "w1", map[string]any{"gaps": []map[string]any{
		{"target": "slot", "ref": "contract", "reason": "incomplete", "note": "缺少签字"}, {"target": "field", "ref": "price", "reason": "incorrect"},
	}}))
	d := s.upload("clerk", append([]byte("%PDF-1.7 signed "), pdf...))
	m := s.must(201, s.cmd("clerk", path+"/materials", "w2", map[string]any{"slot": "contract", "digest": d, "name": "b.pdf", "seen_original": true}))
	var added struct{ Material string }
	m.into(t, &added)
	s.must(200, s.cmd("clerk", path+"/answer", "w3", map[string]any{"answers": []map[string]any{
		{"gap": "g1", "material": added.Material, "remark": "已补"}, {"gap": "g2", "value": 90_000_000},
	}}))
	s.must(200, s.cmd("first", path+"/accept", "w4", map[string]any{}))
	s.must(200, s.cmd("first", path+"/review/first", "w5", map[string]any{"pass": true, "text": "齐全"}))
	if a := s.cmd("first", path+"/review/second", "w6", map[string]any{"pass": true}); a.status != 403 {
		t.Errorf("one person reviewed twice: %d %s", a.status, a.body)
	}
	s.must(200, s.cmd("second", path+"/review/second", "w7", map[string]any{"pass": true}))
	s.must(200, s.cmd("second", path+"/decide", "w8", map[string]any{"approve": true}))
	last := s.must(200, s.cmd("second", path+"/close", "w9", map[string]any{}))
	a := s.must(200, s.do("clerk", "GET", path, nil, nil))
	var v caseView
	a.into(t, &v)
	if v.Status != "closed" || v.Form["price"] != 9e7 || len(v.Supplements) != 1 || !v.Supplements[0].Answered || v.Outcome == nil || v.First == nil {
		t.Errorf("the case ended as %+v", v)
	}
	if a.header.Get("ETag") != last.header.Get("ETag") {
		t.Errorf("ETag %s after command %s", a.header.Get("ETag"), last.header.Get("ETag"))
	}
	for _, secret := range secrets {
		if strings.Contains(a.text(), secret) {
			t.Errorf("the masked case shows %q", secret)
		}
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
