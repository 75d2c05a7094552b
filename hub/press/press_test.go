package press_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/certificate"
	"tongban/hub/certificate/seal"
	"tongban/hub/hubtest"
	"tongban/hub/press"
	"tongban/routing/handover"
	"tongban/storage/storetest"
	"tongban/web"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type keeper struct {
	t     *testing.T
	files hubtest.Files
}

func (k keeper) Keep(_ context.Context, file []byte) (hub.Digest, error) {
	return k.files.PutFile(k.t, file), nil
}

// pressed is a hub with a real press and a test seal.
func pressed(t *testing.T) *hubtest.Hub {
	t.Helper()
	ports, files := hubtest.Embedded(t)
	font, err := web.MainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	printer, err := certificate.New(certificate.Fonts{Main: font})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.NewTestKeys("郏县", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	signer, err := seal.New(keys.Config(nil, time.Now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := signer.Close(); err != nil {
			t.Error(err)
		}
	})
	ports.Press = press.New(printer, signer, keeper{t, files}, "https://hub.example.cn")
	h := hubtest.New(t, ports, files)
	if err := h.Directory.SaveStandard(t.Context(), hubtest.Registered()); err != nil {
		t.Fatal(err)
	}
	h.KeepRegister(t, hubtest.Unit)
	return h
}

// keep writes a paper where somebody can look at it: into the folder that
// PAPERS names, or one of the test's own.
func keep(t *testing.T, name string, pdf []byte) string {
	t.Helper()
	dir := os.Getenv("PAPERS")
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, name+".pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// text is what a reader of PDF finds in the paper, without spaces.
func text(t *testing.T, name string, pdf []byte) string {
	t.Helper()
	b, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", keep(t, name, pdf), "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (apt-get install poppler-utils): %v", err)
	}
	return strings.NewReplacer(" ", "", "\n", "").Replace(string(b))
}

func deliver(t *testing.T, h *hubtest.Hub) {
	t.Helper()
	d := handover.NewDeliverer(h.Service, handover.Local{Endpoint: handover.NewEndpoint(h.Service)}, handover.Config{})
	if _, err := d.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// arrived brings a case to the registry.
func arrived(t *testing.T, h *hubtest.Hub, cmd string) hub.CaseID {
	t.Helper()
	id, offer := h.Offer(t, cmd)
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: offer})
	return id
}

func print(t *testing.T, h *hubtest.Hub, id hub.CaseID, kind hub.PrintKind) (string, error) {
	t.Helper()
	b, _, err := h.PrintPaper(t.Context(), hub.Reading{Actor: hubtest.Reviewer(), Purpose: "打印"}, id, kind, 0)
	if err != nil {
		return "", err
	}
	return text(t, string(kind), b), nil
}

func TestEveryLetterIsPrintedWhenTheCaseIsThatFar(t *testing.T) {
	h := pressed(t)
	id := arrived(t, h, "case-1")
	for _, kind := range hub.PrintKinds() {
		if kind == hub.PrintReceipt {
			continue
		}
		if _, err := print(t, h, id, kind); hub.ErrorCode(err) != hub.WrongState {
			t.Errorf("%s too early: %v", kind, err)
		}
	}
	want := func(kind hub.PrintKind, words ...string) {
		t.Helper()
		got, err := print(t, h, id, kind)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			return
		}
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %s: %s", kind, w, got)
			}
		}
	}
	want(hub.PrintReceipt, "收件回执", "张三、李四", "二手房转移登记", "合同", "已核对原件")
	h.Do(t, hubtest.Reviewer(), id, "ask", hub.AskSupplement{Gaps: []hub.GapWish{
		{Target: "slot", Ref: "certificate", Reason: "incomplete", Note: "缺第二页"}, {Target: "field", Ref: "price", Reason: "incorrect", Note: "与合同不一致"},
	}})
	want(hub.PrintSupplement, "一次性补正告知书", "权属证书", "缺第二页", "申请书：成交价", "与合同不一致", "不齐", "有误")
	h.AddFile(t, hubtest.Clerk(), id, "file-3", "certificate", []byte("\xff\xd8\xff whole certificate"))
	h.Do(t, hubtest.Clerk(), id, "answer", hub.AnswerSupplement{Answers: []hub.AnswerWish{
		{Gap: "g1", Material: hub.NewMaterialID(id, "file-3")}, {Gap: "g2", Value: int64(99_000_000)},
	}})
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	want(hub.PrintAcceptance, "受理通知书", "5个工作日", "10个工作日")
	h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
	h.Do(t, hubtest.Second(), id, "no", hub.Decide{Text: "存在尚未解决的权属争议"})
	want(hub.PrintRejection, "不予登记告知书", "存在尚未解决的权属争议")

	id = arrived(t, h, "case-2")
	h.Do(t, hubtest.Reviewer(), id, "refuse", hub.Refuse{Code: hub.RefusedIllegal, Text: "划拨土地未经批准"})
	want(hub.PrintRefusal, "不予受理", "划拨土地未经批准")
}

func TestASealedCertificateSaysWhatTheRegisterSays(t *testing.T) {
	h := pressed(t)
	id := arrived(t, h, "case-1")
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
	h.Do(t, hubtest.Second(), id, "yes", hub.Decide{Approve: true})
	h.Do(t, hubtest.Officer(), id, "book", hub.Book{})
	h.Do(t, hubtest.Officer(), id, "issue", hub.Issue{})
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	paper, r, err := h.OpenResult(t.Context(), hub.Reading{Actor: hubtest.Officer(), Purpose: "核对"}, id, c.Results[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	pdf, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, "certificate", pdf)
	for _, w := range []string{"李四", "护照E876", "单独所有", "98.50平方米", "住宅", "郏县迎宾路8号", "豫(2022)郏县不动产权第0000100号", paper.Number} {
		if !strings.Contains(got, w) && !strings.Contains(got, strings.NewReplacer("(", "（", ")", "）").Replace(w)) {
			t.Errorf("the certificate does not say %s: %s", w, got)
		}
	}
	if strings.Contains(got, "张三") {
		t.Error("the certificate names the seller")
	}
	out, err := exec.CommandContext(t.Context(), "pdfsig", keep(t, "signed", pdf)).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("Signature is Valid")) || !bytes.Contains(out, []byte("Total document signed")) {
		t.Errorf("pdfsig: %v\n%s", err, out)
	}
	if !paper.Seal.Test || paper.Seal.Serial == "" || paper.File.Size != int64(len(pdf)) || len(pdf) > 300_000 {
		t.Errorf("the chain says %+v of %d bytes", paper.IssuedResult, len(pdf))
	}
}
