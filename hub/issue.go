package hub

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"time"
)

// Press makes papers. It is an adapter: the case service says what a paper is
// about, the press how it looks, who seals it and where its bytes are kept.
type Press interface {
	// Seal writes one result, seals it and puts it into the object store. It may
	// be asked again for the same result; what an earlier try left is harmless.
	Seal(ctx context.Context, o PaperOrder) (SealedPaper, error)
	// Print writes an unsealed paper about the case as it is. Nothing is kept.
	// Errors: WrongState when the case is not that far.
	Print(ctx context.Context, kind PrintKind, o PaperOrder) ([]byte, error)
}

// PaperOrder is what a paper tells. Case is in clear: the paper is for its parties.
type PaperOrder struct {
	Case     *Case
	Standard Standard
	Issuer   Agency
	Number   string // of the result
	ID       string // 电子证照标识
	Code     string // check code, printed with the QR
	Kind     ResultKind
	Unit     string
	At       time.Time
	Clocks   []CaseClock
}

// SealedPaper is a result in the object store.
type SealedPaper struct {
	File   File
	Digest []byte // SHA-256 of the bytes, for the detached signature
}

// PrintKind is an unsealed paper.
type PrintKind string

// Papers that are printed from the case at any time.
const (
	PrintReceipt       PrintKind = "receipt"        // 收件回执
	PrintAcceptance    PrintKind = "acceptance"     // 受理通知书
	PrintRefusal       PrintKind = "refusal"        // 不予受理通知书
	PrintSupplement    PrintKind = "supplement"     // 一次性补正告知书
	PrintRejection     PrintKind = "rejection"      // 不予登记告知书
	PrintQuestioning   PrintKind = "questioning"    // 询问笔录
	PrintDeliveryProof PrintKind = "delivery_proof" // 领证签收单
)

// PrintKinds lists them.
func PrintKinds() []PrintKind {
	return []PrintKind{PrintReceipt, PrintAcceptance, PrintRefusal, PrintSupplement, PrintRejection, PrintQuestioning, PrintDeliveryProof}
}

// Issue makes and seals the results that the standard promises.
type Issue struct{ Note string }

func (Issue) kind() Kind { return KindIssued }

func (i Issue) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if len(c.Results) > 0 {
		return nil, nil, E(WrongState, "the results of this case are issued already")
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	orders, err := s.orders(ctx, c, std)
	if err != nil {
		return nil, nil, err
	}
	if len(orders) == 0 {
		return nil, nil, E(WrongState, "this item has no result to issue")
	}
	r, err := remark("/note", i.Note, false)
	if err != nil {
		return nil, nil, err
	}
	f := &Issued{Private: r}
	for _, o := range orders {
		one, err := s.issue(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		f.Results = append(f.Results, one)
	}
	return f, nil, nil
}

// orders lists the results that are due, numbered.
func (s *Service) orders(ctx context.Context, c *Case, std Standard) ([]PaperOrder, error) {
	issuer, err := s.Directory.Agency(ctx, c.Custodian)
	if err != nil {
		return nil, fmt.Errorf("agency %s: %w", c.Custodian, err)
	}
	at := s.moment(c)
	var out []PaperOrder
	for _, kind := range std.Results() {
		for _, unit := range c.resultUnits() {
			o := PaperOrder{Case: c, Standard: std, Issuer: issuer, Kind: kind, Unit: unit, At: at}
			if err := s.number(ctx, &o); err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// resultUnits are the units that get a paper each.
func (c *Case) resultUnits() []string {
	if c.Booked == nil || len(c.Booked.Units) == 0 {
		return []string{c.Unit}
	}
	var units []string
	for _, u := range c.Booked.Units {
		if !slices.Contains(units, u.Unit) {
			units = append(units, u.Unit)
		}
	}
	return units
}

// issue seals one result, signs it with the agency's key, and names what it replaces.
func (s *Service) issue(ctx context.Context, o PaperOrder) (IssuedResult, error) {
	paper, err := s.Press.Seal(ctx, o)
	if err != nil {
		return IssuedResult{}, fmt.Errorf("seal %s: %w", o.ID, err)
	}
	key, sig, err := s.Keys.Sign(ctx, o.Issuer.ID, resultBytes(o.ID, o.Number, paper.File.Digest))
	if err != nil {
		return IssuedResult{}, fmt.Errorf("sign %s: %w", o.ID, err)
	}
	r := IssuedResult{
		ID: o.ID, Number: o.Number, Kind: o.Kind, Unit: o.Unit, File: paper.File, Key: key.ID, Scheme: key.Scheme, Detached: sig,
	}
	if o.Kind != ResultCertificate && o.Kind != ResultCancellation {
		return r, nil
	}
	old, err := s.Papers.PapersInForce(ctx, o.Unit)
	if err != nil {
		return IssuedResult{}, err
	}
	want := ResultCertificate // a new certificate replaces the old one
	if o.Kind == ResultCancellation {
		want = ResultProof // the end of a mortgage takes its proof out of force
	}
	for _, p := range old {
		if p.Kind == want && p.Case != o.Case.ID {
			r.Replaces = append(r.Replaces, p.ID)
		}
	}
	return r, nil
}

// resultBytes is what the agency signs beside the seal in the file, so that the
// signature can be of any scheme (SM2 among them) and be checked off line.
func resultBytes(id, number string, d Digest) []byte {
	return fmt.Appendf(nil, "tongban.result/1\n%s\n%s\n%s\n", id, number, d)
}

// VerifyResult checks the agency's signature over a result.
func (v *Verifier) VerifyResult(ctx context.Context, r *IssuedResult) error {
	key, err := v.Keys.PublicKey(ctx, r.Key)
	if err != nil {
		return err
	}
	scheme, err := v.Algorithms.SignNamed(r.Scheme)
	if err != nil || scheme.Verify(key.PKIX, resultBytes(r.ID, r.Number, r.File.Digest), r.Detached) != nil {
		return E(BadSignature, "the signature of result %s is wrong", r.ID)
	}
	return nil
}

// CheckCode proves that who asks has the paper in his hand: it is printed with
// the QR and cannot be guessed from the number.
func (k *Keyring) CheckCode(id string) string {
	m := hmac.New(sha256.New, k.search)
	fmt.Fprintf(m, "tongban.check/1\n%s", id)
	return base32Lower.EncodeToString(m.Sum(nil))[:12]
}

// CheckPaper answers the public check: what a paper's QR asks. NotFound without
// the right code, so that nobody learns by trying numbers what exists.
func (s *Service) CheckPaper(ctx context.Context, id, code string) (PaperRow, error) {
	if !hmac.Equal([]byte(code), []byte(s.Keys.CheckCode(id))) {
		return PaperRow{}, E(NotFound, "no such paper")
	}
	return s.Papers.Paper(ctx, id)
}

// OpenResult streams an issued result to a person of the case. The caller
// closes the reader.
func (s *Service) OpenResult(ctx context.Context, r Reading, id CaseID, result string) (Paper, io.ReadCloser, error) {
	c, _, err := s.open(ctx, r, id)
	if err != nil {
		return Paper{}, nil, err
	}
	p := c.Paper(result)
	if p == nil {
		return Paper{}, nil, E(NotFound, "the case has no such result")
	}
	if err := s.record(ctx, r, id, "result", result); err != nil {
		return Paper{}, nil, err
	}
	body, _, err := s.Objects.Open(ctx, p.File.Digest)
	if ErrorCode(err) == NotFound {
		return Paper{}, nil, Wrap(Internal, err, "the file of this result is missing")
	}
	return *p, body, err
}

// PrintPaper writes an unsealed paper about a case for a person who may see
// it in clear. The reading is recorded.
func (s *Service) PrintPaper(ctx context.Context, r Reading, id CaseID, kind PrintKind) ([]byte, *Case, error) {
	c, _, err := s.open(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	if !c.IsParty(r.Actor.Ref) { // a party may have his own paper; an officer must be allowed to see it in clear
		if err := s.Policy.Authorize(r.Actor, CaseUnmask, c); err != nil {
			return nil, nil, err
		}
	}
	if c.Erased {
		return nil, nil, E(Erased, "the case was erased")
	}
	if err := s.record(ctx, r, id, "paper", string(kind)); err != nil {
		return nil, nil, err
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	agency := c.responsible()
	if kind == PrintReceipt || kind == PrintDeliveryProof {
		agency = c.Receiving
	}
	issuer, err := s.Directory.Agency(ctx, agency)
	if err != nil {
		return nil, nil, fmt.Errorf("agency %s: %w", agency, err)
	}
	now := Millis(s.Now())
	b, err := s.Press.Print(ctx, kind, PaperOrder{Case: c, Standard: std, Issuer: issuer, At: now, Clocks: s.Clocks(ctx, c, now)})
	return b, c, err
}
