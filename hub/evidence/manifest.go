package evidence

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"tongban/hub"
	"tongban/hub/message"
)

// Format opens every manifest, so that a signature over one can never be taken
// for a signature over anything else.
const Format = "tongban.bundle/1"

// manifest is the written form of manifest.json: who exported what, and every
// other file with its size and digest. It carries the key that signed it.
type manifest struct {
	V         string       `json:"v"`
	Case      hub.CaseID   `json:"case"`
	Number    string       `json:"number"`
	Status    hub.Status   `json:"status"`
	Custodian hub.AgencyID `json:"custodian"`
	Head      message.Head `json:"head"` // the last event
	Exporter  hub.AgencyID `json:"exporter"`
	At        string       `json:"at"`
	Key       hub.KeyID    `json:"key"`
	Sign      string       `json:"sign"`
	PKIX      []byte       `json:"pkix"`
	Files     []fileLine   `json:"files"` // in ascending order of name
}

type fileLine struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // lower-case hex
}

// The names in a bundle. Files lie in it in this order: the two of the
// manifest, then all others by name.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	readmeName    = "README.txt"
	sumsName      = "SHA256SUMS"
	hashesName    = "chain/hashes.txt"
	keysName      = "keys/keys.json"
	materialsDir  = "materials/"
	messagesDir   = "messages/"
)

func eventName(seq int64) string { return fmt.Sprintf("chain/%06d.json", seq) }
func eventSigName(seq int64) string {
	return fmt.Sprintf("chain/%06d.sig", seq)
}
func pemName(id hub.KeyID) string { return "keys/" + safe(string(id)) + ".pem" }

// messageNames are the files of one message: its bytes and signature, and
// those of its receipt.
func messageNames(id string) (msg, sig, receipt, receiptSig string) {
	base := messagesDir + safe(id)
	return base + ".json", base + ".sig", base + ".receipt.json", base + ".receipt.sig"
}

// materialName files a material under its slot. The id makes it unique.
func materialName(m *hub.Material) string {
	return materialsDir + safe(m.Slot) + "/" + safe(string(m.ID)) + extension(m.File.Type)
}

// The files of the register and of issued results.
const (
	bookingName    = "register/booking.json"
	bookingSigName = "register/booking.sig"
	resultsDir     = "results/"
)

// resultNames are the files of one result: the sealed paper, what the agency
// signed beside it, and that signature.
func resultNames(r *hub.IssuedResult) (paper, text, sig string) {
	base := resultsDir + safe(r.ID)
	return base + extension(r.File.Type), base + ".txt", base + ".sig"
}

// The files of video sessions.
const sessionsDir = "sessions/"

// sessionName files what a session gave below its id.
func sessionName(f *hub.SessionFile) string {
	parts := []string{safe(string(f.Session))}
	for _, p := range f.Parts {
		parts = append(parts, safe(p))
	}
	return sessionsDir + strings.Join(parts, "/") + extension(f.File.Type)
}

// recordingName is the list of a session's recording.
func recordingName(s *hub.Session) string {
	return sessionsDir + safe(string(s.ID)) + "/recording.json"
}

// streamed reports whether a file is too large to hold in memory.
func streamed(name string) bool {
	if strings.HasPrefix(name, sessionsDir) {
		return !strings.HasSuffix(name, "/recording.json")
	}
	return strings.HasPrefix(name, materialsDir) || strings.HasPrefix(name, resultsDir) && strings.HasSuffix(name, ".pdf")
}

// handName files the picture of a signature.
func handName(f hub.File) string {
	return materialsDir + "signature/" + safe(f.Digest.Hex()) + extension(f.Type)
}

func extension(mediaType string) string {
	switch mediaType {
	case "application/pdf":
		return ".pdf"
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/tiff":
		return ".tif"
	case "video/mp4":
		return ".mp4"
	case "video/webm":
		return ".webm"
	case "application/json":
		return ".json"
	}
	return ".bin"
}

// safe replaces what a file name on some system may not hold.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.':
			return r
		}
		return '-'
	}, s)
	if strings.Trim(s, ".") == "" {
		return "-"
	}
	return s
}

// safeName reports whether a path of a manifest is one that safe parts make:
// relative, plain ASCII, no empty or dotted part.
func safeName(name string) bool {
	if len(name) > 500 {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || safe(part) != part {
			return false
		}
	}
	return true
}

// keyDoc is one line of keys/keys.json.
type keyDoc struct {
	ID     hub.KeyID    `json:"id"`
	Agency hub.AgencyID `json:"agency"`
	Scheme string       `json:"scheme"`
	From   string       `json:"from"`
	Until  string       `json:"until,omitempty"`
	PKIX   []byte       `json:"pkix"`
}

func newKeyDoc(k hub.PublicKey) keyDoc {
	d := keyDoc{ID: k.ID, Agency: k.Agency, Scheme: k.Scheme, From: k.From.UTC().Format(hub.TimeFormat), PKIX: k.PKIX}
	if !k.Until.IsZero() {
		d.Until = k.Until.UTC().Format(hub.TimeFormat)
	}
	return d
}

func (d *keyDoc) key() (hub.PublicKey, error) {
	k := hub.PublicKey{ID: d.ID, Agency: d.Agency, Scheme: d.Scheme, PKIX: d.PKIX}
	var err error
	if k.From, err = time.Parse(hub.TimeFormat, d.From); err != nil {
		return k, err
	}
	if d.Until != "" {
		k.Until, err = time.Parse(hub.TimeFormat, d.Until)
	}
	return k, err
}

func pemOf(pkix []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix})
}

// hashesOf is the readable list of the chain.
func hashesOf(events []hub.Event) []byte {
	var b bytes.Buffer
	for i := range events {
		e := &events[i]
		fmt.Fprintf(&b, "%06d  %s  %s  %s  %s\n", e.Seq, e.At.UTC().Format(hub.TimeFormat), e.Hash, e.Kind, e.Agency)
	}
	return b.Bytes()
}

// sumsOf is the list that sha256sum -c reads: every file but itself and the
// manifest's two.
func sumsOf(files []fileLine) []byte {
	var b bytes.Buffer
	for _, f := range files {
		if f.Name != sumsName {
			fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
		}
	}
	return b.Bytes()
}

func lineOf(name string, content []byte) fileLine {
	return fileLine{name, int64(len(content)), hub.SHA256(content).Hex()}
}

// isDigest reports whether s is the hex form of a SHA-256.
func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && strings.ToLower(s) == s
}
