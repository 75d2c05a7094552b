package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tongban/hub"
)

// people are those who take a case through: a clerk at the window, and two
// reviewers and a window lead at the handling place.
type people struct {
	clerk, first, second, lead, booking *client
}

// story is one case on its way.
type story struct {
	people
	script
	lang      string // of what is said: "zh" or "en"
	told      func(text string)
	scans     []Scan
	fixed     []Scan // by gap; empty where the gap is a field
	papersDir string // gets the papers; "" keeps none
	number    int    // of this case in the run; it names its unit and papers
	// ahead sets the hub's clock forward to a time; nil where the hub is not ours.
	ahead func(time.Time)

	id, caseNumber, offer string
	materials             map[string]string // slot → id of its newest material
	questions             []question        // of the standard
	names                 map[string]string // of its slots and fields, in the reader's language
	reviews               int
	asked                 map[int]bool // parties who were questioned by video
}

// step is one named step of the stories. The table below is the only place
// that knows their order: what is new goes in there once, for all twelve, with
// the condition on the script under which a story has it.
type step struct {
	key    string
	zh, en string
	do     func(*story, context.Context) error
	when   func(*script) bool // nil: in every story
}

func steps() []step {
	return []step{
		{"register", "准备登记簿", "let the registry take over its register", (*story).enterRegister, nil},
		{"standard", "查看办理地标准", "read the standard of the handling place", (*story).readStandard, nil},
		{"compare", "与本地标准比较", "compare with the clerk's own standard", (*story).compareStandards, nil},
		{"assess", "预审", "ask what this application needs", (*story).assess, nil},
		{"receive", "收件", "receive the application", (*story).receive, nil},
		{"scan", "扫描上传材料", "upload the scans", (*story).addScans, nil},
		{"offer", "移交", "route and offer custody", (*story).offerCustody, nil},
		{"take", "接收移交", "take custody", (*story).takeCustody, nil},
		{"supplement", "一次性补正告知", "ask for a supplement", (*story).askSupplement, nil},
		{"answer", "补正", "answer the supplement", (*story).answerSupplement, nil},
		{"video", "视频会话", "meet by video", (*story).meetByVideo, func(x *script) bool { return x.video }},
		{"question", "询问", "question the parties", (*story).questionParties, nil},
		{"accept", "受理", "accept the case", (*story).accept, nil},
		{"clocks", "查看时限", "read the clocks", (*story).readClocks, nil},
		{"first", "初审", "first review", (*story).firstReview, nil},
		{"visit", "实地查看", "visit the property", (*story).visitProperty, func(x *script) bool { return x.visit != "" }},
		{"notice", "公告", "public notice", (*story).publishNotice, func(x *script) bool { return x.notice != "" }},
		{"second", "复审", "second review", (*story).secondReview, nil},
		{"tax", "确认完税", "confirm the tax", (*story).confirmTax, func(x *script) bool { return x.tax != nil }},
		{"decide", "核准", "decide", (*story).decide, nil},
		{"book", "登簿", "book", (*story).bookCase, (*script).books},
		{"issue", "缮证", "issue", (*story).issuePapers, (*script).issues},
		{"handout", "发证", "hand out", (*story).handOutPapers, (*script).issues},
		{"close", "办结", "close", (*story).finish, nil},
		{"rate", "评价", "rate both places", (*story).rate, func(x *script) bool { return x.rating != [2]int{} }},
	}
}

// stepName is a step's name in a language.
func stepName(key, lang string) string {
	for _, s := range steps() {
		if s.key == key && lang == "zh" {
			return s.zh
		} else if s.key == key {
			return s.en
		}
	}
	return key
}

// way are the steps of a story, up to its end.
func (x *script) way() []step {
	var out []step
	for _, s := range steps() {
		if s.key == x.ends.before {
			break
		}
		if s.when == nil || s.when(x) {
			out = append(out, s)
		}
	}
	return out
}

// leaveBefore ends the story before a step, so that a desk has something to
// do. Errors: Invalid, when no step has the name.
func (x *script) leaveBefore(key string) error {
	var keys []string
	for _, s := range steps() {
		if s.key == key {
			x.ends = ending{before: key, zh: "留给工作台办理", en: "left for the desks"}
			return nil
		}
		keys = append(keys, s.key)
	}
	return hub.E(hub.Invalid, "the stories have no step %q; the steps are %s (没有这一步)", key, strings.Join(keys, ", "))
}

// ended is returned by a step that finds that the story can go no further on
// this hub; it is no failure.
type ended struct{ zh, en string }

func (e *ended) Error() string { return e.en }

// run takes the case from the window to the end of its story. Each step is
// checked by somebody else than who did it.
func (s *story) run(ctx context.Context) error {
	for _, step := range s.way() {
		err := step.do(s, ctx)
		if end, ok := errors.AsType[*ended](err); ok {
			s.say("到此为止：%s", "the story ends here: %s", s.pick(end.zh, end.en))
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", step.en, err)
		}
	}
	if s.ends.zh == "" {
		return nil
	}
	if s.ends.before != "" {
		s.say("止于“%[1]s”之前：%[2]s", "the story ends before the step \"%[1]s\": %[2]s", stepName(s.ends.before, s.lang), s.pick(s.ends.zh, s.ends.en))
		v, err := s.see(ctx, s.clerk)
		s.say("    案件停在：%s", "    the case stands at: %s", s.status(v.Status))
		return err
	}
	s.say("说明：%s", "note: %s", s.pick(s.ends.zh, s.ends.en))
	return nil
}

// say tells one thing in the reader's language; both formats take the same
// arguments. What begins with a space belongs to what was said before.
func (s *story) say(zh, en string, args ...any) { s.told(fmt.Sprintf(s.pick(zh, en), args...)) }

func (s *story) pick(zh, en string) string {
	if s.lang == "zh" {
		return zh
	}
	return en
}

func (s *story) path(rest string) string { return "/api/v1/cases/" + s.id + rest }

func (s *story) unit() string { return s.unitOf(s.number) }

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
	Updated time.Time `json:"updated_at"`
	Notice  *struct {
		Until time.Time `json:"until"`
	} `json:"notice"`
	Questioned []struct {
		Flags     []string `json:"flags"`
		Conflicts []string `json:"conflicts"`
	} `json:"questioned"`
}

func (s *story) see(ctx context.Context, c *client) (view, error) {
	var v view
	err := c.do(ctx, get(s.path("")), &v)
	return v, err
}

// seenBy checks from another person's desk that the case is at a step.
func (s *story) seenBy(ctx context.Context, c *client, status string) error {
	v, err := s.see(ctx, c)
	if err != nil {
		return err
	}
	if v.Status != status {
		return fmt.Errorf("%s sees %s, want %s", c.name, v.Status, status)
	}
	s.say("    %[1]s 看到：%[2]s，由 %[3]s 持有", "    %[1]s sees it: %[2]s, held by %[3]s", c.name, s.status(v.Status), v.Custodian)
	return nil
}

// status is a status in words.
func (s *story) status(key string) string {
	zh := map[string]string{
		"received": "已收件", "arrived": "已到达办理地", "correcting": "补正中", "accepted": "已受理", "first_reviewed": "初审通过", "second_reviewed": "审核通过，待核准",
		"approved": "已核准", "closed": "已办结",
	}[key]
	if zh == "" {
		return key
	}
	return s.pick(zh, strings.ReplaceAll(key, "_", " "))
}

// refused says whether a command was refused with one of the codes, as it must be.
func refused(err error, what string, codes ...string) error {
	for _, c := range codes {
		if hasCode(err, c) {
			return nil
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// bundle fetches the evidence.
func (s *story) bundle(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	err := s.second.do(ctx, request{method: http.MethodGet, path: s.path("/bundle")}, &b)
	return b.Bytes(), err
}
