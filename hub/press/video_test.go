package press_test

import (
	"bytes"
	"io"
	"os/exec"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// The questioning record of a video session is one sealed paper: what was
// asked and answered, who confirmed it, and the signatures that were drawn.
func TestTheRecordOfAVideoSessionIsSealed(t *testing.T) {
	h := pressed(t)
	if err := h.Directory.SaveStandard(t.Context(), hubtest.Asking()); err != nil {
		t.Fatal(err)
	}
	id := arrived(t, h, "case-1")
	sid := h.Meet(t, id)
	f, body, err := h.OpenRecordPaper(t.Context(), hub.Reading{Actor: hubtest.Clerk(), Purpose: "核对"}, id, sid, "p2")
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := io.ReadAll(body)
	if err2 := body.Close(); err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	got := text(t, "video-record", pdf)
	for _, w := range []string{"不动产登记询问笔录", "张三", "是否真实意愿？", "答：是", "自愿出售，无补充", "远程视频", string(sid)[:8], "屏幕手写签名", "主持审核人", "被询问人", "手写签名：2"} {
		if !strings.Contains(got, w) {
			t.Errorf("the record does not say %s: %s", w, got)
		}
	}
	out, err := exec.CommandContext(t.Context(), "pdfsig", keep(t, "video-record-signed", pdf)).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("Signature is Valid")) || !bytes.Contains(out, []byte("Total document signed")) {
		t.Errorf("pdfsig: %v\n%s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), "pdfimages", "-list", keep(t, "video-record-signed", pdf)).CombinedOutput(); err != nil || bytes.Count(out, []byte("image")) < 3 {
		t.Errorf("the signatures are not in it: %v\n%s", err, out)
	}
	if f.Size != int64(len(pdf)) || len(pdf) > 400_000 {
		t.Errorf("%d bytes, the chain says %d", len(pdf), f.Size)
	}
}
