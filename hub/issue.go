package hub

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"tongban/hub/register"
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
	Entry    string // of the register, that the paper is about
	At       time.Time
	Clocks   []CaseClock
	Party    int // of the questioning record, from 0
	// The places of the case, and the officers by name, as papers name them.
	Receiving, Handling Agency
	Officers            map[PersonID]string
	// What the register says of the unit, and who its references are; nil for
	// a paper that is not about the register.
	Register *register.Extract
	Names    map[PartyRef]RegisterPerson
}

// SealedPaper is a result in the object store and the seal on it.
type SealedPaper struct {
	File File
	Seal SealFact
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
	if !c.resultsDue() {
		return nil, nil, E(WrongState, "no paper of this case is to be issued now")
	}
	r, err := remark("/note", i.Note, false)
	if err != nil {
		return nil, nil, err
	}
	orders, err := s.orders(ctx, c)
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

// orders are the papers that are due: those that the booking has numbered, and
// the letters.
func (s *Service) orders(ctx context.Context, c *Case) ([]PaperOrder, error) {
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	issuer, err := s.Directory.Agency(ctx, c.Custodian)
	if err != nil {
		return nil, fmt.Errorf("agency %s: %w", c.Custodian, err)
	}
	base := PaperOrder{Case: c, Standard: std, Issuer: issuer, Unit: c.Unit, At: s.moment(c)}
	var out []PaperOrder
	if c.Booked != nil {
		for _, p := range c.Booked.Papers {
			o := base
			o.Kind, o.Number, o.Unit, o.Entry, o.At = p.Kind, p.Number, p.Unit, p.Entry, c.Booked.At
			if o.ID, err = licenceID(issuer, p.Kind, p.Number); err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	for _, kind := range c.Steps.Papers {
		if kind == ResultCertificate || kind == ResultProof { // the booking has numbered them
			continue
		}
		o := base
		o.Kind = kind
		if o.Number, o.ID, err = s.letterNumber(ctx, issuer, kind); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	for i := range out {
		out[i].Code = s.Keys.CheckCode(out[i].ID)
		if err := s.consult(ctx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// consult reads what the register says of the paper's unit: as this case has
// left it, or now when the paper is an extract.
func (s *Service) consult(ctx context.Context, o *PaperOrder) error {
	var version int64
	if o.Kind != ResultSearch && o.Case.Booked != nil {
		for _, u := range o.Case.Booked.Units {
			if u.Unit == o.Unit {
				version = u.Version
			}
		}
	}
	x, names, err := s.extract(ctx, o.Unit, version, time.Time{})
	if err != nil {
		return err
	}
	o.Register, o.Names = x, names
	return nil
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
		ID: o.ID, Number: o.Number, Kind: o.Kind, Unit: o.Unit, Entry: o.Entry, File: paper.File, Seal: paper.Seal,
		Key: key.ID, Scheme: key.Scheme, Detached: sig,
	}
	old, err := s.Papers.PapersInForce(ctx, o.Unit)
	if err != nil {
		return IssuedResult{}, err
	}
	for _, p := range old {
		if p.Case == o.Case.ID {
			continue
		}
		state, err := s.register.Certificate(ctx, p.Number)
		if register.ReasonOf(err) == register.NotFound { // a letter: nothing takes its place
			continue
		}
		if err != nil {
			return IssuedResult{}, s.registerError(err)
		}
		if state.Status != register.Valid {
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

// SignedText is what the agency signed beside the file.
func (r *IssuedResult) SignedText() []byte { return resultBytes(r.ID, r.Number, r.File.Digest) }

// VerifyResult checks the agency's signature over a result.
func (v *Verifier) VerifyResult(ctx context.Context, r *IssuedResult) error {
	key, err := v.Keys.PublicKey(ctx, r.Key)
	if err != nil {
		return err
	}
	scheme, err := v.Algorithms.SignNamed(r.Scheme)
	if err != nil || scheme.Verify(key.PKIX, r.SignedText(), r.Detached) != nil {
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

// PaperState is whether a paper still speaks for a right.
type PaperState string

// The states of a paper.
const (
	PaperValid    PaperState = "valid"
	PaperReplaced PaperState = "replaced" // by a newer paper
	PaperRevoked  PaperState = "revoked"
)

// CheckPaper answers the public check: what a paper's QR asks. NotFound without
// the right code, so that nobody learns by trying numbers what exists. The
// register has the last word.
func (s *Service) CheckPaper(ctx context.Context, id, code string) (PaperRow, PaperState, error) {
	if !hmac.Equal([]byte(code), []byte(s.Keys.CheckCode(id))) {
		return PaperRow{}, "", E(NotFound, "no such paper")
	}
	p, err := s.Papers.Paper(ctx, id)
	if err != nil {
		return PaperRow{}, "", err
	}
	if !p.RevokedAt.IsZero() {
		return p, PaperRevoked, nil
	}
	state, err := s.register.Certificate(ctx, p.Number)
	switch {
	case err != nil && register.ReasonOf(err) != register.NotFound:
		return PaperRow{}, "", s.registerError(err)
	case err == nil && state.Status == register.Revoked:
		return p, PaperRevoked, nil
	case err == nil && state.Status == register.Replaced || p.ReplacedBy != "":
		return p, PaperReplaced, nil
	}
	return p, PaperValid, nil
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
func (s *Service) PrintPaper(ctx context.Context, r Reading, id CaseID, kind PrintKind, party int) ([]byte, *Case, error) {
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
	o, err := s.printOrder(ctx, c, kind)
	if err != nil {
		return nil, nil, err
	}
	o.Party = party
	b, err := s.Press.Print(ctx, kind, o)
	return b, c, err
}

// printOrder gathers what a print needs beside the case.
func (s *Service) printOrder(ctx context.Context, c *Case, kind PrintKind) (PaperOrder, error) {
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return PaperOrder{}, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	now := Millis(s.Now())
	o := PaperOrder{Case: c, Standard: std, At: now, Clocks: s.Clocks(ctx, c, now), Officers: map[PersonID]string{}}
	for _, a := range []struct {
		id   AgencyID
		into *Agency
	}{{c.Window, &o.Receiving}, {c.responsible(), &o.Handling}} {
		if *a.into, err = s.Directory.Agency(ctx, a.id); err != nil {
			return PaperOrder{}, fmt.Errorf("agency %s: %w", a.id, err)
		}
	}
	if o.Issuer = o.Handling; kind == PrintReceipt || kind == PrintDeliveryProof {
		o.Issuer = o.Receiving
	}
	officers := []PersonID{c.ReceivedBy}
	for _, q := range c.Questioned {
		officers = append(officers, q.By.Person)
	}
	for _, id := range officers {
		p, err := s.Directory.Person(ctx, id)
		if err != nil && ErrorCode(err) != NotFound { // an officer of another hub
			return PaperOrder{}, fmt.Errorf("person %s: %w", id, err)
		}
		o.Officers[id] = p.NameZH
	}
	return o, nil
}
