package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The formal part of a video session: its beginning, the questioning record, a
// signed material, a line that breaks, the end, and what was recorded.

// recordingPatience is how long the formal part waits for a confirmed recording.
const recordingPatience = 20 * time.Second

// beginFormal (正式开始) waits until the recording is confirmed, and begins once.
func (m *meeting) beginFormal(ctx context.Context) error {
	begin := command(m.at+"/begin", map[string]any{})
	if err := m.whenRecorded(ctx, begin); err != nil {
		return err
	}
	if err := m.first.do(ctx, begin, nil); err != nil {
		return fmt.Errorf("begun again with the same key: %w", err)
	}
	err := m.first.do(ctx, command(m.at+"/begin", map[string]any{}), nil)
	if err := refused(err, "the formal part began twice", "session_state"); err != nil {
		return err
	}
	m.say("各方录制已确认，%s 宣布正式开始", "everybody's recording is confirmed: %s begins the formal part", m.first.name)
	return nil
}

// whenRecorded gives a command again until the recording of everybody is confirmed.
func (m *meeting) whenRecorded(ctx context.Context, r request) error {
	deadline := time.Now().Add(recordingPatience)
	for told := false; ; told = true {
		err := m.first.do(ctx, r, nil)
		if !hasCode(err, "recording_stalled") || time.Now().After(deadline) {
			return err
		}
		if !told {
			m.say("录制尚未确认，正式环节不得进行", "the formal part waits until the recording is confirmed")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// strokes is a signature on a screen.
func strokes() []map[string]any {
	dots := make([]map[string]any, 0, 30)
	for i := range 30 {
		dots = append(dots, map[string]any{"x": 0.1 + float64(i)*0.027, "y": 0.3 + float64(i*i%7)*0.06, "t": i * 20})
	}
	return []map[string]any{{"dots": dots}}
}

// questionByVideo (视频询问) types the record, reads it back, lets both confirm it
// on their screens and has it sealed.
func (m *meeting) questionByVideo(ctx context.Context) error {
	answers := m.answersOf(m.parties[m.party].Role)
	if len(answers) == 0 {
		m.say("本事项无须询问", "this item has no questioning")
		return nil
	}
	var draft struct {
		Rev    int64  `json:"rev"`
		Digest string `json:"digest"`
	}
	body := map[string]any{"rev": 0, "who": guestSeat, "answers": answers, "text": "无"}
	if err := m.first.do(ctx, put(m.at+"/draft", body), &draft); err != nil {
		return err
	}
	if err := m.first.do(ctx, command(m.at+"/draft/read-back", map[string]any{"rev": draft.Rev}), &draft); err != nil {
		return err
	}
	record := map[string]any{"text": draft.Digest}
	err := m.first.do(ctx, command(m.at+"/record", record), nil)
	if err := refused(err, "a record was ended that nobody confirmed", "invalid"); err != nil {
		return err
	}
	confirm := map[string]any{"text": draft.Digest, "strokes": strokes()}
	if err := m.guest.do(ctx, command(attend+"/draft/confirm", confirm), nil); err != nil {
		return err
	}
	if err := m.first.do(ctx, command(m.at+"/draft/confirm", confirm), nil); err != nil {
		return err
	}
	if err := m.first.do(ctx, command(m.at+"/record", record), nil); err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := m.guest.do(ctx, get(attend+"/record"), &pdf); err != nil {
		return err
	}
	if !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) {
		return errors.New("the questioning record is no PDF")
	}
	m.asked = map[int]bool{m.party: true}
	m.say("%[1]s 询问并当场宣读，双方在屏幕上确认签字，生成加盖印章的询问笔录（%[2]d KB）", "%[1]s asks, reads the record back, both confirm and sign on screen; it is sealed (询问笔录, %[2]d KB)", m.first.name, pdf.Len()/1000)
	return m.keepFile("questioning-"+guestSeat+".pdf", pdf.Bytes())
}

// signMaterial shows a material of the case to all, and the applicant signs it.
func (m *meeting) signMaterial(ctx context.Context) error {
	id := m.materials[m.look]
	err := m.guest.do(ctx, get(attend+"/materials/"+id), nil)
	if err := refused(err, "a material is open that nobody shows", "not_found"); err != nil {
		return err
	}
	if err := m.first.do(ctx, command(m.at+"/show", map[string]any{"material": id}), nil); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := m.guest.do(ctx, get(attend+"/materials/"+id), &page); err != nil {
		return err
	}
	if err := m.guest.do(ctx, command(attend+"/sign", map[string]any{"material": id, "strokes": strokes()}), nil); err != nil {
		return err
	}
	m.say("%[1]s 展示材料“%[2]s”（%[3]d 字节），申请人在屏幕上签字", "%[1]s shows the material \"%[2]s\" (%[3]d bytes), the applicant signs it on screen", m.first.name, m.names["slot "+m.look], page.Len())
	return nil
}

// loseAndReturn lets the applicant's line break: the formal part pauses by
// itself, and goes on when he is back and recorded again.
func (m *meeting) loseAndReturn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	lost := m.peers[guestSeat]
	delete(m.peers, guestSeat)
	if err := lost.Close(); err != nil {
		return err
	}
	var v sessionView
	err := eventually(ctx, func() (bool, string, error) {
		err := m.first.do(ctx, get(m.at), &v)
		return v.Session.State == "paused", "the session is " + v.Session.State, err
	})
	if err != nil {
		return err
	}
	if v.Session.Cause != "party_left" {
		return fmt.Errorf("the formal part pauses for %q", v.Session.Cause)
	}
	if err := m.guest.do(ctx, command(attend+"/wait", map[string]any{}), nil); err != nil {
		return err
	}
	if err := m.first.do(ctx, command(m.at+"/admit", map[string]any{"who": guestSeat}), nil); err != nil {
		return err
	}
	back, err := m.join(ctx, m.guest, attend, guestSeat)
	if err != nil {
		return err
	}
	if err := back.Hears(ctx, 5, hostSeat+"/mic", clerkSeat+"/mic"); err != nil {
		return err
	}
	if err := m.whenRecorded(ctx, command(m.at+"/resume", map[string]any{})); err != nil {
		return err
	}
	m.say("申请人掉线，正式环节自动暂停；其返回并再次准入、录制确认后恢复", "the applicant's line breaks and the formal part pauses by itself; he returns, is admitted and recorded again, and it goes on")
	return nil
}

// sessionView is what the demo reads of a session.
type sessionView struct {
	Session struct {
		State  string `json:"state"`
		Cause  string `json:"cause"`
		Tracks []struct {
			Who      string `json:"who"`
			Lane     string `json:"lane"`
			Segments int    `json:"segments"`
		} `json:"tracks"`
		Files []recordedFile `json:"files"`
	} `json:"session"`
}

type recordedFile struct {
	Who      string `json:"who"`
	Lane     string `json:"lane"`
	Millis   int64  `json:"ms"`
	Segments int    `json:"segments"`
	File     struct {
		Digest string `json:"digest"`
		Size   int    `json:"size"`
		Type   string `json:"type"`
	} `json:"file"`
}

func (m *meeting) endSession(ctx context.Context) error {
	if err := m.first.do(ctx, command(m.at+"/close", map[string]any{}), nil); err != nil {
		return err
	}
	err := m.guest.do(ctx, command(attend+"/pass", map[string]any{}), nil)
	if err := refused(err, "a room is open that was closed", "session_state", "unauthenticated"); err != nil {
		return err
	}
	m.say("%s 结束会话，房间关闭", "%s closes the session and its room", m.first.name)
	return nil
}

// seeRecordings waits until everybody's recording can be played, and plays it.
func (m *meeting) seeRecordings(ctx context.Context) error {
	var v sessionView
	err := eventually(ctx, func() (bool, string, error) {
		err := m.first.do(ctx, get(m.at), &v)
		return len(v.Session.Files) >= len(m.peers), fmt.Sprintf("%d of %d recordings are finished", len(v.Session.Files), len(m.peers)), err
	})
	if err != nil {
		return err
	}
	m.say("录制文件已完成，每人一份", "the recordings are finished, one for each person")
	for _, f := range v.Session.Files {
		kept := 0
		for _, t := range v.Session.Tracks {
			if t.Who == f.Who && t.Lane == f.Lane {
				kept = t.Segments
			}
		}
		if kept != f.Segments || kept == 0 {
			return fmt.Errorf("the file of %s has %d segments, the chain %d", f.Who, f.Segments, kept)
		}
		var b bytes.Buffer
		req := get(m.at + "/recordings/" + f.Who + "/" + f.Lane)
		err := m.first.do(ctx, req, nil)
		if err := refused(err, "a recording was read without a reason", "invalid"); err != nil {
			return err
		}
		req.header = map[string]string{"Access-Purpose": url.PathEscape("核对笔录")}
		if err := m.first.do(ctx, req, &b); err != nil {
			return err
		}
		if b.Len() != f.File.Size {
			return fmt.Errorf("the recording of %s has %d bytes, not %d", f.Who, b.Len(), f.File.Size)
		}
		m.say("    %[1]s：%.1[2]f 秒，%[3]d KB，%[4]d 段", "    %[1]s: %.1[2]f s, %[3]d KB, %[4]d segments", m.seat(f.Who), (time.Duration(f.Millis) * time.Millisecond).Seconds(), b.Len()/1000, kept)
		name := "recording-" + f.Who + "-" + f.Lane + "." + strings.TrimPrefix(f.File.Type, "video/")
		if err := m.keepFile(name, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// keepFile writes a file of the session into the folder of the papers, if one
// is named.
func (m *meeting) keepFile(name string, b []byte) error {
	if m.papersDir == "" {
		return nil
	}
	if err := os.MkdirAll(m.papersDir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(m.papersDir, strings.ReplaceAll(m.item, ".", "-")+"-"+name), b, 0o600)
}
