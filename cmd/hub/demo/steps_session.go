package demo

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tongban/hub"
	"tongban/video/headless"
)

// A video session, over the same addresses and the same media as people use:
// the handling place's reviewer leads, the applicant comes by a link, the clerk
// sits beside him. Its rules are in docs/sessions.md.

// The seats, in the order of the appointment.
const (
	hostSeat, guestSeat, clerkSeat = "p1", "p2", "p3"

	windowName = "3号窗口"
)

// meeting is one video session of a story.
type meeting struct {
	*story
	at    string // its address
	guest *client
	party int // who comes by the link, from 0
	peers map[string]*headless.Peer
}

// meetByVideo holds a session from the appointment to the finished recordings,
// and questions one party in it.
func (s *story) meetByVideo(ctx context.Context) (err error) {
	m := &meeting{story: s, party: s.comesByLink(), peers: map[string]*headless.Peer{}}
	defer func() {
		for _, p := range m.peers {
			if e := p.Close(); err == nil && e != nil {
				err = fmt.Errorf("leave the room: %w", e)
			}
		}
	}()
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"appointment", m.appoint},
		{"link", m.comeByLink},
		{"door", m.waitAtDoor},
		{"room", m.fillRoom},
		{"formal part", m.beginFormal},
		{"identity", m.compareIdentity},
		{"record", m.questionByVideo},
		{"material", m.signMaterial},
		{"broken line", m.loseAndReturn},
		{"end", m.endSession},
		{"recording", m.seeRecordings},
	} {
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// comesByLink is the first party who acts for himself and is to be questioned,
// or, where nobody is, the first who acts for himself.
func (s *story) comesByLink() int {
	first := -1
	for n, p := range s.parties {
		switch {
		case p.Role == "agent":
		case len(s.answersOf(p.Role)) > 0:
			return n
		case first < 0:
			first = n
		}
	}
	return max(first, 0)
}

// appoint (预约) asks for free times and takes the first, so that the answer to
// the application is not late; the applicant agrees to the short notice. Where
// the clock is ours it is set forward to it.
func (m *meeting) appoint(ctx context.Context) error {
	host, err := m.person(ctx, m.first)
	if err != nil {
		return err
	}
	clerk, err := m.person(ctx, m.clerk)
	if err != nil {
		return err
	}
	slot, err := m.freeSlot(ctx, host)
	if err != nil {
		return err
	}
	body := map[string]any{
		"from": slot.From, "to": slot.To, "window": windowName, "agreed": true, "text": "远程询问",
		"people": []map[string]any{
			{"role": "host", "person": host}, {"role": "applicant", "party": m.party + 1, "told": "phone"}, {"role": "clerk", "person": clerk},
		},
	}
	var made struct {
		Session string `json:"session"`
	}
	if err := m.first.do(ctx, command(m.path("/sessions"), body), &made); err != nil {
		return err
	}
	m.at = m.path("/sessions/" + made.Session)
	err = m.first.do(ctx, command(m.path("/sessions"), body), nil)
	if err := refused(err, "one time was given twice", "slot_taken"); err != nil {
		return err
	}
	from := slot.From.In(time.FixedZone("UTC+8", 8*3600)).Format("2006-01-02 15:04")
	m.say("%[1]s 查询空闲时段并预约视频会话：%[2]s，申请人同意；同一时段不可重复占用", "%[1]s asks for free times and makes an appointment by video for %[2]s, as the applicant agrees; a time is given once", m.first.name, from)
	if m.ahead != nil {
		m.ahead(slot.From.Add(-10 * time.Minute))
		m.say("    演示把自己这台系统的时钟拨到开始前 10 分钟", "    the demo sets the clock of its own hub forward to ten minutes before")
	}
	return nil
}

// person is the id of who signed in.
func (m *meeting) person(ctx context.Context, c *client) (string, error) {
	var me struct {
		Person struct {
			ID string `json:"id"`
		} `json:"person"`
	}
	err := c.do(ctx, get("/api/v1/session"), &me)
	return me.Person.ID, err
}

type slot struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// beforeDoor is how long before its time a session can be entered at the latest.
const beforeDoor = 25 * time.Minute

// freeSlot picks the first free time that both places are open at. On a clock
// that is not ours its door must be open now. Errors: SessionState.
func (m *meeting) freeSlot(ctx context.Context, host string) (slot, error) {
	v, err := m.see(ctx, m.first)
	if err != nil {
		return slot{}, err
	}
	var free struct {
		Slots []slot `json:"slots"`
	}
	q := url.Values{
		"host": {host}, "window": {windowName}, "days": {"14"}, "minutes": {"30"},
		"from": {v.Updated.Format(time.RFC3339)}, // the hub's clock may be ahead of ours
	}
	if err := m.first.do(ctx, get(m.path("/sessions/slots?"+q.Encode())), &free); err != nil {
		return slot{}, err
	}
	if len(free.Slots) == 0 || m.ahead == nil && time.Until(free.Slots[0].From) > beforeDoor {
		return slot{}, hub.E(hub.SessionState, "no session can begin on this hub now: both places are closed or busy, and its clock is not ours to move; come in office hours, or leave -url and -data out "+
			"(此刻两地不在办公时间或时段已满，且不能拨动该系统的时钟；请在办公时间再试，或去掉 -url、-data)")
	}
	return free.Slots[0], nil
}

// comeByLink sends link and code on two ways and lets the applicant in by them,
// once.
func (m *meeting) comeByLink(ctx context.Context) error {
	var in struct {
		Link string `json:"link"`
		Code string `json:"code"`
	}
	if err := m.clerk.do(ctx, command(m.at+"/invitations", map[string]any{"who": guestSeat}), &in); err != nil {
		return err
	}
	m.guest = &client{name: m.pick("申请人", "the applicant"), base: m.clerk.base, http: m.clerk.http, lang: m.clerk.lang}
	var got struct {
		Token string `json:"token"`
	}
	enter := map[string]any{"link": in.Link, "code": in.Code, "bearer": true}
	if err := m.guest.do(ctx, command(attend, enter), &got); err != nil {
		return err
	}
	m.guest.token = got.Token
	err := (&client{base: m.guest.base, http: m.guest.http, lang: m.guest.lang}).do(ctx, command(attend, enter), nil)
	if err := refused(err, "a link was good twice", "unauthenticated"); err != nil {
		return err
	}
	err = m.guest.do(ctx, get(m.path("")), nil)
	if err := refused(err, "a link opens the case", "unauthenticated", "forbidden", "not_found"); err != nil {
		return err
	}
	m.say("%[1]s 发出链接与验证码（分两路送达）；申请人凭此进入，只可用一次，且看不到案件其他内容", "%[1]s sends a link and a code on two ways; the applicant enters by them, once, and sees nothing else of the case", m.clerk.name)
	return nil
}

const attend = "/api/v1/attend"

func put(path string, body any) request {
	return request{method: http.MethodPut, path: path, body: body}
}

// waitAtDoor lets applicant and clerk test their devices and wait; the
// applicant consents before.
func (m *meeting) waitAtDoor(ctx context.Context) error {
	test := map[string]any{"score": "good", "camera": true, "mic": true, "speaker": true}
	if err := m.guest.do(ctx, put(attend+"/self-test", test), nil); err != nil {
		return err
	}
	err := m.guest.do(ctx, command(attend+"/wait", map[string]any{}), nil)
	if err := refused(err, "somebody waits without consent", "consent_missing"); err != nil {
		return err
	}
	var page struct {
		Texts []struct {
			Digest string `json:"digest"`
			Title  string `json:"title"`
		} `json:"texts"`
	}
	if err := m.guest.do(ctx, get(attend), &page); err != nil {
		return err
	}
	digests, titles := []string{}, []string{}
	for _, t := range page.Texts {
		digests, titles = append(digests, t.Digest), append(titles, t.Title)
	}
	if err := m.guest.do(ctx, command(attend+"/consent", map[string]any{"lang": m.guest.lang, "texts": digests}), nil); err != nil {
		return err
	}
	if err := m.guest.do(ctx, command(attend+"/wait", map[string]any{}), nil); err != nil {
		return err
	}
	if err := m.clerk.do(ctx, put(m.at+"/self-test", test), nil); err != nil {
		return err
	}
	if err := m.clerk.do(ctx, command(m.at+"/wait", map[string]any{}), nil); err != nil {
		return err
	}
	m.say("申请人逐项同意（%s），设备检测良好，在候场等候", "the applicant agrees (%s), his devices are good, and he waits at the door", strings.Join(titles, m.pick("、", ", ")))
	return nil
}

// join connects somebody to the room with camera and microphone.
func (m *meeting) join(ctx context.Context, c *client, at, seat string) (*headless.Peer, error) {
	var pass struct {
		Token  string `json:"token"`
		Socket string `json:"socket"`
	}
	if err := c.do(ctx, command(at+"/pass", map[string]any{}), &pass); err != nil {
		return nil, err
	}
	if strings.HasPrefix(pass.Socket, "/") {
		pass.Socket = "ws" + strings.TrimPrefix(c.base, "http") + pass.Socket
	}
	p, err := headless.Join(ctx, pass.Socket, pass.Token)
	if err != nil {
		return nil, err
	}
	m.peers[seat] = p
	return p, nil
}

// fillRoom opens the room and lets everybody in; who waits hears nothing, who
// is in hears and sees all others.
func (m *meeting) fillRoom(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := m.first.do(ctx, command(m.at+"/open", map[string]any{}), nil); err != nil {
		return err
	}
	if _, err := m.join(ctx, m.first, m.at, hostSeat); err != nil {
		return err
	}
	waiting, err := m.join(ctx, m.guest, attend, guestSeat)
	if err != nil {
		return err
	}
	if _, err := m.join(ctx, m.clerk, m.at, clerkSeat); err != nil {
		return err
	}
	if n := len(waiting.Heard()); n > 0 {
		return fmt.Errorf("who waits at the door hears %d others", n)
	}
	m.say("%[1]s 开场，逐一准入", "%[1]s opens the room and admits one by one", m.first.name)
	for _, seat := range []string{clerkSeat, guestSeat} {
		if err := m.first.do(ctx, command(m.at+"/admit", map[string]any{"who": seat}), nil); err != nil {
			return err
		}
	}
	seats := []string{hostSeat, guestSeat, clerkSeat}
	for i, seat := range seats {
		if err := m.peers[seat].Admitted(ctx); err != nil {
			return err
		}
		others := []string{seats[(i+1)%3], seats[(i+2)%3]}
		want := []string{others[0] + "/camera", others[0] + "/mic", others[1] + "/camera", others[1] + "/mic"}
		if err := m.peers[seat].Hears(ctx, 20, want...); err != nil {
			return fmt.Errorf("%s: %w", seat, err)
		}
		heard := m.peers[seat].Heard()
		m.say("    %[1]s 收到媒体包：%[2]s", "    %[1]s gets packets: %[2]s", m.seat(seat),
			fmt.Sprintf("%s %d + %d, %s %d + %d", m.seat(others[0]), heard[want[0]], heard[want[1]], m.seat(others[1]), heard[want[2]], heard[want[3]]))
	}
	return nil
}

// seat is a seat in words.
func (m *meeting) seat(who string) string {
	return map[string]string{hostSeat: m.pick("主持人", "the host"), guestSeat: m.pick("申请人", "the applicant"), clerkSeat: m.pick("窗口人员", "the clerk")}[who]
}

// compareIdentity (身份核验) compares the applicant with his document, with a
// still from his own picture as the host sees it.
func (m *meeting) compareIdentity(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	pic, err := m.peers[hostSeat].Still(ctx, guestSeat+"/camera")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pic, nil); err != nil {
		return err
	}
	digest, err := m.first.upload(ctx, b.Bytes(), "image/jpeg")
	if err != nil {
		return err
	}
	p := m.parties[m.party]
	method := "citizen_card"
	if p.IDKind != citizenID {
		method = "licence"
	}
	body := map[string]any{"who": guestSeat, "method": method, "result": "matches", "still": digest, "document": p.IDNumber}
	if err := m.first.do(ctx, command(m.at+"/identify", body), nil); err != nil {
		return err
	}
	m.say("%[1]s 核验身份：与证件一致，留存其本人画面一帧（%[2]d × %[3]d）", "%[1]s compares the applicant with his document: it matches; a still of his own picture is kept (%[2]d x %[3]d)",
		m.first.name, pic.Bounds().Dx(), pic.Bounds().Dy())
	return nil
}
