package routing

import (
	"strings"

	"tongban/hub"
)

// Lang is a language of texts for people.
type Lang string

// The languages.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// ParseLang takes any tag: what begins with "en" is English, all else Chinese.
func ParseLang(tag string) Lang {
	if strings.HasPrefix(strings.ToLower(tag), "en") {
		return English
	}
	return Chinese
}

// sentence is a text in both languages, with {argument} in it.
type sentence struct{ zh, en string }

// sentenceOf gives the text of a reason of places, rules and duties.
func sentenceOf(r hub.RouteReason) sentence {
	switch r.Code {
	case "unit_coded_in":
		return sentence{"不动产单元代码由{division}（{name}）编制", "the unit number was given in {division} ({name})"}
	case "place_named":
		return sentence{"所指行政区划为{division}（{name}）", "the place named is {division} ({name})"}
	case "place_in_force":
		return sentence{"{division}（{name}）当日有效", "{division} ({name}) is in force on the day"}
	case "ground_moved":
		if len(r.Args["on"]) == len("2006") {
			return sentence{
				"自{on}年起，{from}（{from_name}）的土地划入{to}（{to_name}）",
				"since {on} ground of {from} ({from_name}) belongs to {to} ({to_name})",
			}
		}
		return sentence{
			"自{on}起，{from}（{from_name}）的土地划入{to}（{to_name}）",
			"since {on} ground of {from} ({from_name}) belongs to {to} ({to_name})",
		}
	case "zone_table":
		if r.Args["zone"] == "" {
			return sentence{"地籍区对照表（{county}）未列该区，按默认归{to}（{to_name}）", "the zone table of {county} gives unlisted zones to {to} ({to_name})"}
		}
		return sentence{"地籍区对照表（{county}）：{zone}归{to}（{to_name}）", "the zone table of {county} puts zone {zone} in {to} ({to_name})"}
	case "clerk_chose":
		return sentence{"窗口人员选定{division}（{name}）", "the clerk chose {division} ({name})"}
	case "same_agency_everywhere":
		return sentence{"可能的{count}个区划均由同一机构负责；依据如下（以第一个为例）", "one agency is responsible for all {count} possible places; by the first of them"}
	case "rule_matched":
		if r.Args["title_en"] == "" {
			return sentence{"符合本地规则{rule}：{title}", "local rule {rule} matches: {title}"}
		}
		return sentence{"符合本地规则{rule}：{title}", "local rule {rule} matches: {title_en}"}
	case "no_rule_matched":
		return sentence{"{count}条本地规则均不符合", "none of {count} local rules matches"}
	case "duty":
		if r.Args["items"] == "*" {
			return sentence{"{agency_name}（{agency}）负责{place}（{place_name}）的全部事项", "{agency} ({agency_name}) has all items in {place} ({place_name})"}
		}
		return sentence{"{agency_name}（{agency}）负责{place}（{place_name}）的{items}事项", "{agency} ({agency_name}) has {items} in {place} ({place_name})"}
	}
	return officeSentence(r)
}

// officeSentence gives the text of a reason of offices, and of refusals.
func officeSentence(r hub.RouteReason) sentence {
	switch r.Code {
	case "agency_ended":
		if r.Args["successor"] == "" {
			return sentence{"{agency_name}（{agency}）已于{on}撤销，无承接机构", "{agency} ({agency_name}) ended on {on} and nobody took over"}
		}
		return sentence{
			"{agency_name}（{agency}）已于{on}" + endWord(r.Args["how"]) + "，由{successor_name}（{successor}）承接",
			"{agency} ({agency_name}) was {how} on {on}; {successor} ({successor_name}) took over",
		}
	case "delegated":
		if r.Args["items"] == "*" {
			return sentence{"该机构将全部事项委托{agency_name}（{agency}）办理", "it delegates all items to {agency} ({agency_name})"}
		}
		return sentence{"该机构将{items}事项委托{agency_name}（{agency}）办理", "it delegates {items} to {agency} ({agency_name})"}
	case "delegate_ended":
		return sentence{"受托机构{agency_name}（{agency}）已撤销，委托失效", "the delegate {agency} ({agency_name}) has ended, so the delegation has too"}
	case "no_item":
		return sentence{"未指明事项", "no item was given"}
	case "code_never_used":
		return sentence{"{division}从未作为行政区划代码使用", "{division} never stood for a place"}
	case "code_not_yet_used":
		return sentence{"{division}（{name}）当日尚未启用", "{division} ({name}) was not yet in use on the day"}
	case "no_known_successor":
		return sentence{"{division}（{name}）已撤销，去向不明", "{division} ({name}) ended and its successors are not known"}
	case "wider_than_county":
		return sentence{"{division}（{name}）不是县级区划，请指明所属县（市、区）", "{division} ({name}) is wider than a county; name the county"}
	case "several_places":
		return sentence{"土地可能位于{count}个区划之一，请选择", "the ground can be in one of {count} places; choose"}
	case "choice_not_possible":
		return sentence{"所选{division}（{name}）不在可能的区划之内", "{division} ({name}) is not among the possible places"}
	case "no_duty":
		return sentence{"{division}（{name}）没有机构负责该事项", "no agency has this item in {division} ({name})"}
	}
	return sentence{r.Code, r.Code}
}

func endWord(how string) string {
	switch End(how) {
	case EndMerged:
		return "合并"
	case EndRenamed:
		return "更名"
	}
	return "撤销"
}

// Text makes a sentence of a reason, also of one read back from a chain.
func Text(r hub.RouteReason, lang Lang) string {
	s := sentenceOf(r)
	text, empty := s.zh, "（）"
	if lang == English {
		text, empty = s.en, " ()"
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			break
		}
		key, after, _ := strings.Cut(rest, "}")
		b.WriteString(r.Args[key])
		text = after
	}
	return strings.ReplaceAll(b.String(), empty, "")
}
