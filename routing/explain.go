package routing

import (
	"fmt"
	"io"
	"strings"

	"tongban/hub"
	"tongban/hub/code"
)

// Explanation is a decision made readable in one language.
type Explanation struct {
	Item    hub.ItemCode
	Unit    string // grouped for reading; "" when a place was asked
	Date    string // YYYY-MM-DD
	Refusal hub.Code
	Agency  hub.AgencyID // "" when refused
	Name    string       // of the agency
	Place   NamedPlace
	Steps   []Step
	Choices []NamedPlace
	Rules   hub.Digest
	// Facts says from where the division facts are, Through until when they go.
	Facts, Through string
}

// NamedPlace is a division with its full name on the day.
type NamedPlace struct{ Code, Name string }

// Step is one reason: its stable code and its sentence.
type Step struct{ Code, Text string }

// Explanation makes the decision readable.
func (d *Decision) Explanation(lang Lang) Explanation {
	t := d.table
	e := Explanation{
		Item: d.Query.Item, Unit: d.Query.Unit.Display(), Date: d.Query.Date.String(), Refusal: d.Refusal, Agency: d.Agency,
		Rules: t.digest, Facts: t.ledger.Source(), Through: t.ledger.Through().String(),
	}
	if a, ok := t.Agency(d.Agency); ok {
		e.Name = a.Name
		if lang == English && a.NameEn != "" {
			e.Name = a.NameEn
		}
	}
	if d.Place != 0 {
		e.Place = d.named(d.Place)
	}
	for _, r := range d.Reasons() {
		e.Steps = append(e.Steps, Step{Code: r.Code, Text: Text(r, lang)})
	}
	for _, c := range d.choices[:d.nChoices] {
		e.Choices = append(e.Choices, d.named(c))
	}
	return e
}

func (d *Decision) named(c code.Division) NamedPlace {
	return NamedPlace{Code: c.String(), Name: d.name(c, d.Query.Date)}
}

// words are the fixed texts of the printed explanation.
type words struct{ item, unit, date, agency, refused, place, why, choices, facts, rules string }

func wordsOf(lang Lang) words {
	if lang == English {
		return words{
			item: "Item", unit: "Unit", date: "Date", agency: "Responsible", refused: "Refused", place: "Place", why: "Why:",
			choices: "Choose one of (option --choice):", facts: "Division facts to %s: %s", rules: "Configuration %s",
		}
	}
	return words{
		item: "事项", unit: "单元", date: "日期", agency: "负责机构", refused: "不予分派", place: "所在地", why: "依据：",
		choices: "请选择其一（参数 --choice）：", facts: "行政区划数据截至 %s：%s", rules: "配置 %s",
	}
}

// Explain prints the decision for a person at a terminal.
func (d *Decision) Explain(w io.Writer, lang Lang) error {
	e, x := d.Explanation(lang), wordsOf(lang)
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", label, value)
		}
	}
	line(x.item, string(e.Item))
	line(x.unit, e.Unit)
	line(x.date, e.Date)
	if e.Refusal == "" {
		line(x.agency, e.Name+" ("+string(e.Agency)+")")
	} else {
		line(x.refused, string(e.Refusal))
	}
	if e.Place.Code != "" {
		line(x.place, e.Place.Code+" "+e.Place.Name)
	}
	b.WriteString(x.why + "\n")
	for i, s := range e.Steps {
		fmt.Fprintf(&b, "%3d. %s\n", i+1, s.Text)
	}
	if len(e.Choices) > 0 && e.Refusal != "" {
		b.WriteString(x.choices + "\n")
		for _, c := range e.Choices {
			fmt.Fprintf(&b, "     %s %s\n", c.Code, c.Name)
		}
	}
	fmt.Fprintf(&b, x.facts+"\n", e.Through, e.Facts)
	fmt.Fprintf(&b, x.rules+"\n", e.Rules)
	_, err := io.WriteString(w, b.String())
	return err
}
