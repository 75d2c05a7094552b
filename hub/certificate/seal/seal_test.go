package seal_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/certificate"
	"tongban/hub/certificate/seal"
	"tongban/web"
)

func now() time.Time { return time.Now() }

func keys(t testing.TB) *seal.TestKeys {
	t.Helper()
	k, err := seal.NewTestKeys("郏县不动产登记中心", now())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signer(t testing.TB, c seal.Config) *seal.Signer {
	t.Helper()
	s, err := seal.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func printer(t testing.TB) *certificate.Printer {
	t.Helper()
	font, err := web.MainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	p, err := certificate.New(certificate.Fonts{Main: font})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func title(s certificate.Sealer) certificate.Title {
	return certificate.Title{
		Letter: certificate.Letter{
			Office: "郏县不动产登记中心", Number: "豫(2026)郏县不动产权第0001234号", At: time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC),
			Check: "https://tongban.example/check/7Q2M-9KXD-41FA", Seal: s.Mark("郏县不动产登记中心", "不动产登记专用章"),
		},
		Licence: "1.2.156.3005.2.11100000MB03271699001.410425.000001234.001.L",
		Holders: []certificate.Holder{{Name: "张小明"}}, CoOwnership: "单独所有", Location: "河南省平顶山市郏县东城街道文化路 88 号院 5 幢 2 单元 1101",
		Unit: "410425001002GB00003F00050021", RightType: "国有建设用地使用权/房屋所有权", RightNature: "出让/市场化商品房",
		Use: "城镇住宅用地/住宅", Area: "房屋建筑面积 128.45㎡", Term: "2015年3月12日起 2085年3月11日止", Other: "房屋结构：钢筋混凝土结构",
	}
}

var wish = certificate.SealWish{Agency: "郏县不动产登记中心", Reason: "不动产登记发证", Place: "郏县"}

func sealed(t testing.TB, s *seal.Signer) certificate.Sealed {
	t.Helper()
	paper, err := printer(t).Title(title(s))
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Seal(t.Context(), paper, wish)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func file(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// command runs a program; ok says whether it ended well.
func command(t testing.TB, name string, args ...string) (out string, ok bool) {
	t.Helper()
	b, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if _, exit := errors.AsType[*exec.ExitError](err); err != nil && !exit {
		t.Fatal(err)
	}
	return string(b), err == nil
}

func TestNewRefuses(t *testing.T) {
	a, b := keys(t).Config(nil, now), keys(t).Config(nil, now)
	for name, c := range map[string]seal.Config{
		"nothing":               {},
		"no time stamps":        {Key: a.Key, Chain: a.Chain},
		"another's certificate": {Key: a.Key, Chain: b.Chain, Stamper: a.Stamper},
		"another's issuer":      {Key: a.Key, Chain: []*x509.Certificate{a.Chain[0], b.Chain[1]}, Stamper: a.Stamper},
	} {
		if s, err := seal.New(c); err == nil {
			t.Errorf("%s: accepted", name)
			_ = s.Close()
		}
	}
}

func TestSealRefuses(t *testing.T) {
	s := signer(t, keys(t).Config(nil, now))
	once := sealed(t, s)
	for name, sc := range map[string]struct {
		in   []byte
		want hub.Code
	}{
		"nothing":           {nil, hub.Invalid},
		"not a PDF":         {[]byte("豫(2026)"), hub.Invalid},
		"sealed already":    {once.PDF, hub.Invalid},
		"a cut file":        {once.PDF[:2000], hub.Internal},
		"a PDF in one line": {[]byte("%PDF-1.7\n%%EOF"), hub.Internal},
	} {
		out, err := s.Seal(t.Context(), sc.in, wish)
		if hub.ErrorCode(err) != sc.want || out.PDF != nil {
			t.Errorf("%s: %d bytes, %v; want %s", name, len(out.PDF), err, sc.want)
		}
	}
}

func TestAnExpiredSealSignsNothing(t *testing.T) {
	c := keys(t).Config(nil, now)
	c.Now = func() time.Time { return now().AddDate(11, 0, 0) }
	s := signer(t, c)
	paper, err := printer(t).Title(title(s))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := s.Seal(t.Context(), paper, wish); err == nil || out.PDF != nil {
		t.Errorf("%d bytes, %v", len(out.PDF), err)
	}
}

func TestPdfsigFindsTheSealAndEveryChange(t *testing.T) {
	s := signer(t, keys(t).Config(nil, now))
	got := sealed(t, s)
	if !got.Test || !strings.Contains(got.Signer, seal.TestWord) || got.Serial == "" || time.Since(got.At) > time.Hour {
		t.Errorf("sealed: %q, serial %q, at %v, test %v", got.Signer, got.Serial, got.At, got.Test)
	}
	path := file(t, "sealed.pdf", got.PDF)
	out, _ := command(t, "pdfsig", "-nocert", path)
	for _, want := range []string{"Signature is Valid", "Total document signed", "SHA-256", "adbe.pkcs7.detached", "测试 TEST"} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfsig lacks %q:\n%s", want, out)
		}
	}
	if out, ok := command(t, "qpdf", "--check", path); !ok {
		t.Errorf("qpdf: %s", out)
	}
	if out, ok := command(t, "pdftotext", "-raw", path, "-"); !ok || !strings.Contains(out, "TEST SEAL") || !strings.Contains(out, "测试章") {
		t.Errorf("the drawn seal does not say that it is a test: %s", out)
	}
	at := bytes.Index(got.PDF, []byte("/Producer"))
	changed := bytes.Clone(got.PDF)
	changed[at+20] ^= 1
	if out, _ := command(t, "pdfsig", "-nocert", file(t, "changed.pdf", changed)); !strings.Contains(out, "Digest Mismatch") {
		t.Errorf("a changed byte passes:\n%s", out)
	}
	longer := append(bytes.Clone(got.PDF), []byte("\n% more\n")...)
	if out, _ := command(t, "pdfsig", "-nocert", file(t, "longer.pdf", longer)); !strings.Contains(out, "Not total document signed") {
		t.Errorf("bytes after the end pass:\n%s", out)
	}
}

var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]`)

// parts takes a sealed file apart: what is signed, and the signature.
func parts(t *testing.T, pdf []byte) (content, signature []byte) {
	t.Helper()
	m := byteRange.FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no byte range")
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1]))
	}
	content = append(bytes.Clone(pdf[n[0]:n[0]+n[1]]), pdf[n[2]:n[2]+n[3]]...)
	der, err := hex.DecodeString(strings.TrimSpace(string(pdf[n[1]+1 : n[2]-1])))
	if err != nil {
		t.Fatal(err)
	}
	return content, der
}

func TestOpensslVerifiesTheSealAgainstItsRoot(t *testing.T) {
	k := keys(t)
	got := sealed(t, signer(t, k.Config(nil, now)))
	content, der := parts(t, got.PDF)
	root := func(k *seal.TestKeys) string {
		return file(t, "root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Root.Raw}))
	}
	verify := func(content []byte, root string) (string, bool) {
		return command(t, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", os.DevNull,
			"-in", file(t, "sig.der", der), "-content", file(t, "content", content), "-CAfile", root)
	}
	if out, ok := verify(content, root(k)); !ok {
		t.Errorf("openssl: %s", out)
	}
	if out, ok := verify(content, root(keys(t))); ok {
		t.Errorf("another root verifies it: %s", out)
	}
	content[100] ^= 1
	if out, ok := verify(content, root(k)); ok {
		t.Errorf("a changed byte verifies: %s", out)
	}
}

func TestOpensslVerifiesTimeStamps(t *testing.T) {
	k := keys(t)
	data := file(t, "data", []byte("登簿"))
	query := filepath.Join(t.TempDir(), "q")
	if out, ok := command(t, "openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", query); !ok {
		t.Fatal(out)
	}
	q, err := os.ReadFile(query)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := k.Authority(now).Stamp(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	root := file(t, "root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Root.Raw}))
	if out, ok := command(t, "openssl", "ts", "-verify", "-data", data, "-in", file(t, "r", reply), "-CAfile", root); !ok {
		t.Errorf("openssl: %s", out)
	}
}

// stamper is a time stamp authority that misbehaves.
type stamper func(ctx context.Context, query []byte) ([]byte, error)

func (s stamper) Stamp(ctx context.Context, query []byte) ([]byte, error) { return s(ctx, query) }

func TestWithoutAGoodTimeStampNothingIsSealed(t *testing.T) {
	k := keys(t)
	good := k.Authority(now)
	var first []byte
	for name, bad := range map[string]stamper{
		"no answer":      func(context.Context, []byte) ([]byte, error) { return nil, errors.New("down") },
		"rubbish":        func(context.Context, []byte) ([]byte, error) { return []byte{0x30, 0x03, 1, 1, 1}, nil },
		"an empty reply": func(context.Context, []byte) ([]byte, error) { return nil, nil },
		"a stamp for something else": func(ctx context.Context, q []byte) ([]byte, error) {
			q = bytes.Clone(q)
			// The last bytes of the digest stand before the flag for certificates.
			q[len(q)-8] ^= 1
			return good.Stamp(ctx, q)
		},
		"a stamp with one wrong byte": func(ctx context.Context, q []byte) ([]byte, error) {
			r, err := good.Stamp(ctx, q)
			if err == nil {
				r[len(r)-3] ^= 1
			}
			return r, err
		},
	} {
		s := signer(t, k.Config(bad, now))
		paper, err := printer(t).Title(title(s))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = paper
		}
		out, err := s.Seal(t.Context(), paper, wish)
		if hub.ErrorCode(err) != hub.Unavailable || out.PDF != nil {
			t.Errorf("%s: %d bytes, %v", name, len(out.PDF), err)
		}
	}
}

func TestTheCallersContextEndsTheWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := signer(t, keys(t).Config(stamper(func(ctx context.Context, _ []byte) ([]byte, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}), now))
	paper, err := printer(t).Title(title(s))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seal(ctx, paper, wish); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestRemoteAuthority(t *testing.T) {
	k := keys(t)
	authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/ok":
			reply, err := k.Authority(now).Stamp(r.Context(), q)
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(reply)
		case "/long":
			_, _ = w.Write(make([]byte, 1<<20))
		case "/never":
			<-r.Context().Done()
		default:
			http.Error(w, "no", http.StatusTeapot)
		}
	}))
	t.Cleanup(authority.Close)
	pool, other := x509.NewCertPool(), x509.NewCertPool()
	pool.AddCert(k.Root)
	other.AddCert(keys(t).Root)
	for _, sc := range []struct {
		path  string
		roots *x509.CertPool
		ok    bool
	}{
		{"/teapot", nil, false},
		{"/long", nil, false},
		{"/never", nil, false},
		{"/ok", other, false},
		{"/ok", pool, true},
		{"/ok", nil, true},
	} {
		timeout := 30 * time.Second
		if sc.path == "/never" {
			timeout = 50 * time.Millisecond
		}
		s := signer(t, k.Config(seal.NewRemote(authority.URL+sc.path, sc.roots, timeout), now))
		paper, err := printer(t).Title(title(s))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Seal(t.Context(), paper, wish)
		if (err == nil) != sc.ok || (!sc.ok && hub.ErrorCode(err) != hub.Unavailable) {
			t.Errorf("%s, roots %v: %v", sc.path, sc.roots != nil, err)
		}
	}
}

func TestTestKeysAreKeptAsPEM(t *testing.T) {
	k := keys(t)
	b, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.ReadTestKeys(b)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Root.Equal(k.Root) {
		t.Error("another root")
	}
	sealed(t, signer(t, again.Config(nil, now)))
	other, err := keys(t).PEM()
	if err != nil {
		t.Fatal(err)
	}
	cut := bytes.LastIndex(b, []byte("-----BEGIN PRIVATE"))
	mixed := append(bytes.Clone(b[:cut]), other[bytes.LastIndex(other, []byte("-----BEGIN PRIVATE")):]...)
	for name, bad := range map[string][]byte{"nothing": nil, "half": b[:cut], "mixed": mixed, "text": []byte("x")} {
		if _, err := seal.ReadTestKeys(bad); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	if _, _, err := seal.ReadSigner(b); err == nil {
		t.Error("a file with two keys is no signer")
	}
}

func TestSealAtOnce(t *testing.T) {
	s := signer(t, keys(t).Config(nil, now))
	paper, err := printer(t).Title(title(s))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Seal(t.Context(), paper, wish); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func BenchmarkCertificateSealed(b *testing.B) {
	s := signer(b, keys(b).Config(nil, now))
	p := printer(b)
	size := 0
	for b.Loop() {
		paper, err := p.Title(title(s))
		if err != nil {
			b.Fatal(err)
		}
		out, err := s.Seal(b.Context(), paper, wish)
		if err != nil {
			b.Fatal(err)
		}
		size = len(out.PDF)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}
