package api

import (
	"testing"
)

// heirs is an application with a list in its form.
func heirs(rows any) body {
	return with(func(m body) { m["form"] = body{"price": 88_000_000, "heirs": rows} })
}

// A form may hold lists of rows; every wrong cell is told at once.
func TestAFormWithAList(t *testing.T) {
	s := demandingSite(t)
	wrong := func(name string, rows any, has ...string) scenario {
		return scenario{name: name, who: "clerk", path: "/api/v1/cases", body: heirs(rows), status: 422, code: "invalid", has: has}
	}
	s.refused([]scenario{
		wrong("text for a list", "张三", `"pointer":"/form/heirs"`, `"code":"type"`),
		wrong("a row that is text", []any{"张三"}, `"pointer":"/form/heirs"`, `"code":"type"`),
		wrong("a list in a list", []any{[]any{}}, `"pointer":"/form/heirs"`, `"code":"type"`),
		wrong("a list in a row", []any{body{"name": []any{}, "waives": true}}, `"pointer":"/form/heirs"`, `"code":"type"`),
		wrong("nothing in a row", []any{body{"name": nil, "waives": true}}, `"pointer":"/form/heirs"`, `"code":"type"`),
		wrong("too many rows", []any{heir("甲"), heir("乙"), heir("丙")}, `"pointer":"/form/heirs"`, `"code":"count"`),
		wrong(
			"every cell that is wrong", []any{body{"name": 5, "age": 7}, body{"name": "一二三四五六七八九十零", "waives": "yes"}},
			`"pointer":"/form/heirs/0/name","code":"type"`, `"pointer":"/form/heirs/0/waives","code":"required"`, `"pointer":"/form/heirs/0/age","code":"unknown_field"`,
			`"pointer":"/form/heirs/1/name","code":"length"`, `"pointer":"/form/heirs/1/waives","code":"type"`,
		),
	})
	a := s.must(201, s.cmd("clerk", "/api/v1/cases", "heirs", heirs([]any{heir("李大宝"), heir("李二")})))
	a = s.must(200, s.do("clerk", "GET", a.header.Get("Location"), nil, nil))
	if !contains(a, `"heirs":[{"name":"李*宝","waives":false},{"name":"**","waives":false}]`) {
		t.Errorf("the masked case: %s", a.body)
	}
}

func heir(name string) body { return body{"name": name, "waives": false} }

func TestAListIsAnsweredInASupplement(t *testing.T) {
	s := demandingSite(t)
	path := s.arrived("list")
	s.must(200, s.cmd("first", path+"/supplement", "list-s", body{"gaps": []any{body{"target": "field", "ref": "heirs", "reason": "incomplete"}}}))
	answer := func(v any) body { return body{"answers": []any{body{"gap": "g1", "value": v}}} }
	s.refused([]scenario{{
		name: "a row without a name", who: "clerk", path: path + "/answer", body: answer([]any{body{"waives": true}}), status: 422, code: "invalid",
		has: []string{`"pointer":"/answers/0/value/0/name"`, `"code":"required"`},
	}})
	s.run([]scenario{{name: "the list", who: "clerk", path: path + "/answer", body: answer([]any{heir("李大宝")}), status: 200, writes: oneEvent}})
}
