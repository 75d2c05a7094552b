package routing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/routing"
)

func explain(t *testing.T, s scene, lang routing.Lang) string {
	t.Helper()
	var b strings.Builder
	d := exampleTable(t).Decide(s.query(t))
	if err := d.Explain(&b, lang); err != nil {
		t.Fatal(err)
	}
	// The last line is the digest of the configuration.
	text := b.String()
	at := strings.LastIndex(text, "sha256:")
	if at < 0 || len(text)-at != len("sha256:")+64+1 {
		t.Fatalf("no digest at the end of\n%s", text)
	}
	return text[:at]
}

func TestTheExplanationReadsWell(t *testing.T) {
	split := scene{unit: unitIn("330104", "001002")}
	for _, sc := range []struct {
		name  string
		scene scene
		lang  routing.Lang
		want  string
	}{
		{"zone table, Chinese", split, routing.Chinese, `事项: transfer.resale
单元: 330104 001002 GB00003 F00050021
日期: 2026-01-05
负责机构: 杭州市上城区不动产登记服务中心 (330102.registry)
所在地: 330102 浙江省杭州市上城区
依据：
  1. 不动产单元代码由330104（浙江省杭州市江干区）编制
  2. 自2021年起，330104（浙江省杭州市江干区）的土地划入330102（浙江省杭州市上城区）
  3. 地籍区对照表（330104）：001归330102（浙江省杭州市上城区）
  4. 杭州市上城区不动产登记服务中心（330102.registry）负责330102（浙江省杭州市上城区）的全部事项
行政区划数据截至 2024-12-31：yescallop/areacodes (CC0-1.0), from the yearly lists of the Ministry of Civil Affairs
配置 `},
		{"zone table, English", split, routing.English, `Item: transfer.resale
Unit: 330104 001002 GB00003 F00050021
Date: 2026-01-05
Responsible: Hangzhou Shangcheng Registry (330102.registry)
Place: 330102 浙江省杭州市上城区
Why:
  1. the unit number was given in 330104 (浙江省杭州市江干区)
  2. since 2021 ground of 330104 (浙江省杭州市江干区) belongs to 330102 (浙江省杭州市上城区)
  3. the zone table of 330104 puts zone 001 in 330102 (浙江省杭州市上城区)
  4. 330102.registry (杭州市上城区不动产登记服务中心) has all items in 330102 (浙江省杭州市上城区)
Division facts to 2024-12-31: yescallop/areacodes (CC0-1.0), from the yearly lists of the Ministry of Civil Affairs
Configuration `},
		{"refused, Chinese", scene{unit: unitIn("330104", "099001")}, routing.Chinese, `事项: transfer.resale
单元: 330104 099001 GB00003 F00050021
日期: 2026-01-05
不予分派: ambiguous_successor
依据：
  1. 不动产单元代码由330104（浙江省杭州市江干区）编制
  2. 自2021年起，330104（浙江省杭州市江干区）的土地划入330102（浙江省杭州市上城区）
  3. 自2021年起，330104（浙江省杭州市江干区）的土地划入330114（浙江省杭州市钱塘区）
  4. 土地可能位于2个区划之一，请选择
请选择其一（参数 --choice）：
     330102 浙江省杭州市上城区
     330114 浙江省杭州市钱塘区
行政区划数据截至 2024-12-31：yescallop/areacodes (CC0-1.0), from the yearly lists of the Ministry of Civil Affairs
配置 `},
	} {
		if got := explain(t, sc.scene, sc.lang); got != sc.want {
			t.Errorf("%s: got\n%s\nwant\n%s", sc.name, got, sc.want)
		}
	}
}

// A reason read back from a chain gives the same sentence without the table that decided.
func TestEveryReasonHasASentenceInBothLanguages(t *testing.T) {
	seen := map[string]hub.RouteReason{}
	table := everyReason(t)
	for _, q := range everyQuestion(t) {
		d := table.Decide(q)
		for _, r := range d.Reasons() {
			seen[r.Code] = r
		}
	}
	for _, want := range routing.ReasonCodes() {
		r, ok := seen[want]
		if !ok {
			t.Errorf("no question gives %s", want)
			continue
		}
		for _, lang := range []routing.Lang{routing.Chinese, routing.English} {
			if s := routing.Text(r, lang); s == "" || s == want || strings.ContainsAny(s, "{}") {
				t.Errorf("%s in %s: %q", want, lang, s)
			}
		}
	}
}

func TestQuestionsAreReadStrictly(t *testing.T) {
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	x := routing.Question{
		Item: "transfer.resale", Unit: "410425 001002 gb00003 f00050021", Choice: "410425", Coded: "2020-02-02",
		Facts: []string{"debt=500", "usage=shop", "minor=true"},
	}
	q, err := x.Query(now)
	if err != nil {
		t.Fatal(err)
	}
	if q.Unit != "410425001002GB00003F00050021" || q.Date != day(t, "2026-01-05") || q.Choice != 410425 ||
		q.Coded != day(t, "2020-02-02") || q.Facts["debt"] != int64(500) || q.Facts["usage"] != "shop" || q.Facts["minor"] != true {
		t.Errorf("got %+v", q)
	}
	bad := routing.Question{Unit: "440113013008G800003F00230055", Date: "5 Jan", Coded: "x", Choice: "33", Facts: []string{"x"}}
	_, err = bad.Query(now)
	e, ok := errors.AsType[*hub.Error](err)
	if !ok || e.Code != hub.Invalid {
		t.Fatalf("got %v", err)
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Pointer)
	}
	if want := []string{"/item", "/unit", "/date", "/coded", "/choice", "/facts"}; !slices.Equal(fields, want) {
		t.Errorf("told %v, want %v", fields, want)
	}
	if _, err := (routing.Question{Item: "change"}).Query(now); hub.ErrorCode(err) != hub.Invalid {
		t.Errorf("neither unit nor place: %v", err)
	}
}

func TestLanguagesAreReadFromTags(t *testing.T) {
	for tag, want := range map[string]routing.Lang{
		"en": routing.English, "en-GB": routing.English, "zh": routing.Chinese, "zh-Hans-CN": routing.Chinese, "": routing.Chinese,
	} {
		if got := routing.ParseLang(tag); got != want {
			t.Errorf("%q is %s", tag, got)
		}
	}
}
