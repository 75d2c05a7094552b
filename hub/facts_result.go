package hub

import "time"

// The facts after the decision. See facts.go on tags.

// Issued: results of the case were made and sealed.
type Issued struct {
	Results []IssuedResult `json:"results"`
	Private Remark         `json:"-"`
}

// IssuedResult is one sealed document.
type IssuedResult struct {
	ID       string     `json:"id"`     // 电子证照标识, GB/T 36904
	Number   string     `json:"number"` // 豫(2026)郏县不动产权第0000001号
	Kind     ResultKind `json:"kind"`
	Unit     string     `json:"unit"`
	Entry    string     `json:"entry,omitempty"` // of the register
	File     File       `json:"file"`
	Seal     SealFact   `json:"seal"`
	Key      KeyID      `json:"key"`       // of the agency's signature over the file
	Scheme   string     `json:"scheme"`    // ed25519, sm2
	Detached []byte     `json:"signature"` // over the file's bytes
	Replaces []string   `json:"replaces,omitempty"`
}

// SealFact says which seal is in the file.
type SealFact struct {
	Signer string    `json:"signer"`         // as its certificate names it
	Serial string    `json:"serial"`         // of the certificate, hexadecimal
	At     time.Time `json:"at"`             // by the time stamp (RFC 3161)
	Test   bool      `json:"test,omitempty"` // a test signer: the paper has no legal force
}

// ResultKind is what a result is.
type ResultKind string

// Kinds of result.
const (
	ResultCertificate  ResultKind = "certificate"   // 不动产权证书
	ResultProof        ResultKind = "proof"         // 不动产登记证明
	ResultCancellation ResultKind = "cancellation"  // 注销登记告知书
	ResultSearch       ResultKind = "search_result" // 查询结果
)

// Revoked: a result is no longer good.
type Revoked struct {
	ID      string       `json:"id"`
	Ground  RevokeGround `json:"ground"`
	Private Remark       `json:"-"`
}

// RevokeGround says why.
type RevokeGround string

// Grounds of revocation.
const (
	RevokedCourt      RevokeGround = "court"
	RevokedCorrection RevokeGround = "correction" // 更正
	RevokedMistake    RevokeGround = "mistake"
	RevokedOther      RevokeGround = "other"
)

// HandedOut: a result reached its holder; the custody record of the paper.
type HandedOut struct {
	ID        string           `json:"id"`
	Way       HandOutWay       `json:"way"`
	Signature *File            `json:"signature,omitempty"` // of who took it, at a window
	Carrier   string           `json:"carrier,omitempty"`   // by mail
	Tracking  string           `json:"tracking,omitempty"`
	Private   HandedOutPrivate `json:"-"`
}

// HandedOutPrivate names who took it.
type HandedOutPrivate struct {
	Receiver string `json:"receiver"`
	Text     string `json:"text,omitempty"`
}

// HandOutWay is how a result reached its holder.
type HandOutWay string

// Ways of handing out.
const (
	ByCounter    HandOutWay = "window"
	ByMail       HandOutWay = "mail"
	Electronic   HandOutWay = "electronic"
	BySelfServer HandOutWay = "self_service" // 自助打印
)
