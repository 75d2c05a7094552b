package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// AddMaterial puts a file that was uploaded by the actor's agency into a slot.
type AddMaterial struct {
	Slot         string
	Digest       Digest
	From         *MaterialSource // in place of Digest: another case's material that serves here too
	Name         string
	SeenOriginal bool
}

// RemoveMaterial takes a file back, before hand-over.
type RemoveMaterial struct {
	Material MaterialID
	Reason   string
}

// Route asks who is responsible and writes the answer down. After a decline,
// a person may name the agency instead of the rules; the agency still decides
// whether it takes the case.
type Route struct {
	Choice string   // the successor chosen, when the place was split
	Manual AgencyID // only after a decline, with a reason
	Reason string
}

// OfferCustody hands the case to the responsible agency.
type OfferCustody struct{ Note string }

// AcceptCustody takes an offered case.
type AcceptCustody struct {
	Offer OfferID
	Note  string
}

// DeclineCustody gives an offered case back.
type DeclineCustody struct {
	Offer OfferID
	Code  DeclineCode
	Text  string
}

// Accept (受理).
type Accept struct{ Note string }

// Refuse (不予受理), in writing and with its ground.
type Refuse struct {
	Code RefusalCode
	Text string
}

// ReviewCase is a first or second review.
type ReviewCase struct {
	Second bool
	Pass   bool
	Text   string
}

// Decide approves or rejects.
type Decide struct {
	Approve bool
	Text    string
}

// Withdraw takes the application back at the applicant's wish.
type Withdraw struct{ Reason string }

// Close ends a case that is decided, refused or withdrawn.
type Close struct{ Note string }

func (AddMaterial) kind() Kind    { return KindMaterialAdded }
func (RemoveMaterial) kind() Kind { return KindMaterialRemoved }
func (Route) kind() Kind          { return KindRouted }
func (OfferCustody) kind() Kind   { return KindOffered }
func (AcceptCustody) kind() Kind  { return KindCustodyAccepted }
func (DeclineCustody) kind() Kind { return KindCustodyDeclined }
func (Accept) kind() Kind         { return KindAccepted }
func (Refuse) kind() Kind         { return KindRefused }
func (Decide) kind() Kind         { return KindDecided }
func (Withdraw) kind() Kind       { return KindWithdrawn }
func (Close) kind() Kind          { return KindClosed }
func (i ReviewCase) kind() Kind   { return (&Reviewed{Second: i.Second}).kind() }

// plain reports whether a text shows what it is: valid UTF-8 without control,
// direction or other invisible characters, but for those allowed.
func plain(s, allowed string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)) && !strings.ContainsRune(allowed, r) {
			return false
		}
	}
	return true
}

// maxText bounds free text, in characters.
const maxText = 2000

// remark checks free text. needed texts may not be empty.
func remark(pointer, s string, needed bool) (Remark, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "" && needed:
		return Remark{}, InvalidFields([]FieldError{{pointer, "required", "a text is required"}})
	case len([]rune(s)) > maxText:
		return Remark{}, InvalidFields([]FieldError{{pointer, "too_long", fmt.Sprintf("at most %d characters", maxText)}})
	case !plain(s, "\n\t"):
		return Remark{}, InvalidFields([]FieldError{{pointer, "characters", "no control or direction characters"}})
	}
	return Remark{Text: s}, nil
}

func (i AddMaterial) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	slot, ok := std.Slot(i.Slot)
	if !ok {
		return nil, nil, InvalidFields([]FieldError{{"/slot", "unknown_slot", "the standard has no such slot"}})
	}
	if n := len([]rune(i.Name)); n < 1 || n > 200 || !plain(i.Name, "") {
		return nil, nil, InvalidFields([]FieldError{{"/name", "length", "a file name has 1 to 200 plain characters"}})
	}
	file, err := i.file(ctx, s, c, cmd, slot)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains(slot.Types, file.Type) {
		return nil, nil, E(WrongType, "the slot takes %s, the file is %s", strings.Join(slot.Types, ", "), file.Type)
	}
	if NameDiffers(i.Name, file.Type) {
		const text = "the name is that of another type than the content"
		return nil, nil, &Error{Code: WrongType, Message: text, Fields: []FieldError{{"/name", "name_differs", text}}}
	}
	if file.Size > slot.MaxBytes {
		return nil, nil, E(TooLarge, "the slot takes at most %d bytes", slot.MaxBytes)
	}
	inSlot := 0
	for _, m := range c.Live() {
		if m.Slot != i.Slot {
			continue
		}
		if inSlot++; m.File.Digest == file.Digest {
			return nil, nil, InvalidFields([]FieldError{{"/digest", "duplicate", "the slot holds this file already"}})
		}
	}
	most := slot.MaxFiles
	if c.Status == StatusCorrecting { // the old files count until the answer replaces them
		most *= 2
	}
	if inSlot >= most {
		return nil, nil, InvalidFields([]FieldError{{"/slot", "full", fmt.Sprintf("the slot takes at most %d files", slot.MaxFiles)}})
	}
	f := &MaterialAdded{
		Material: NewMaterialID(c.ID, cmd.ID), Slot: i.Slot, File: file,
		SeenOriginal: i.SeenOriginal, Private: MaterialPrivate{Name: i.Name},
	}
	if i.From != nil {
		f.From = string(i.From.Case) + "/" + string(i.From.Material)
	}
	return f, nil, nil
}

// file is the file that is put into the slot: an upload of the actor's agency,
// or one of another case.
func (i AddMaterial) file(ctx context.Context, s *Service, c *Case, cmd *Command, slot Slot) (File, error) {
	if i.From != nil {
		if i.Digest != "" {
			return File{}, InvalidFields([]FieldError{{"/from", "both", "an upload or another case's material, not both"}})
		}
		return s.reused(ctx, c, cmd, slot, *i.From)
	}
	up, err := s.Uploads.Upload(ctx, cmd.Actor.Agency, i.Digest)
	if ErrorCode(err) == NotFound {
		return File{}, InvalidFields([]FieldError{{"/digest", "not_uploaded", "your agency has not uploaded this file"}})
	}
	return up.File, err
}

func (i RemoveMaterial) decide(_ context.Context, _ *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	m, ok := c.Material(i.Material)
	if !ok || m.Removed {
		return nil, nil, E(NotFound, "the case has no such material")
	}
	r, err := remark("/reason", i.Reason, true)
	return &MaterialRemoved{Material: i.Material, Private: r}, nil, err
}

func (i Route) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	day := c.ReceivedAt
	if i.Manual != "" {
		return i.manual(ctx, s, c)
	}
	d, err := s.Router.Route(ctx, RouteQuery{Item: c.Item, Unit: c.Unit, Day: day, Choice: i.Choice, Facts: c.Form})
	if err != nil {
		return nil, nil, err
	}
	return &Routed{
		To: d.Agency, Place: d.Place, Date: day.In(s.zone(ctx, c.Receiving)).Format(time.DateOnly),
		Reasons: d.Reasons, Rules: d.Rules, Choice: i.Choice,
	}, nil, nil
}

func (i Route) manual(ctx context.Context, s *Service, c *Case) (Fact, []Outgoing, error) {
	if len(c.Declines) == 0 {
		return nil, nil, E(WrongState, "an agency is named by hand only after the responsible one has declined")
	}
	if i.Manual == c.Custodian { // nobody makes himself responsible
		return nil, nil, InvalidFields([]FieldError{{"/manual", "own_agency", "name another agency"}})
	}
	r, err := remark("/reason", i.Reason, true)
	if err != nil {
		return nil, nil, err
	}
	a, err := s.Directory.Agency(ctx, i.Manual)
	if ErrorCode(err) == NotFound {
		return nil, nil, InvalidFields([]FieldError{{"/manual", "unknown", "there is no such agency"}})
	}
	if err != nil {
		return nil, nil, err
	}
	return &Routed{
		To: a.ID, Place: a.Division, Date: c.ReceivedAt.In(s.zone(ctx, c.Receiving)).Format(time.DateOnly),
		Reasons: []RouteReason{{Code: "named_by_hand", Args: map[string]string{"agency": string(a.ID)}}}, Private: r,
	}, nil, nil
}

// zone is the agency's local time, in which the law's days are counted.
func (s *Service) zone(ctx context.Context, a AgencyID) *time.Location {
	if ag, err := s.Directory.Agency(ctx, a); err == nil {
		if z, err := time.LoadLocation(ag.Timezone); err == nil {
			return z
		}
	}
	return time.FixedZone("UTC+8", 8*3600)
}

func (i OfferCustody) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if c.Route == nil {
		return nil, nil, E(WrongState, "the case is not routed yet")
	}
	if c.liveSession() { // a frozen case could not pause it
		return nil, nil, sessionState("going_on", nil)
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	a, err := s.assess(ctx, &std, c)
	if err != nil {
		return nil, nil, err
	}
	if err := a.missingSlots(&std, c); err != nil {
		return nil, nil, err
	}
	r, err := remark("/note", i.Note, false)
	if err != nil {
		return nil, nil, err
	}
	f := &Offered{Offer: NewOfferID(c.ID, cmd.ID), To: c.Route.To, Standard: c.Standard, Reasons: c.Route.Reasons, Private: r}
	for _, m := range c.Live() {
		f.Manifest = append(f.Manifest, ManifestLine{m.ID, m.Slot, m.File.Digest, m.File.Size})
	}
	return f, []Outgoing{{ID: string(f.Offer), Kind: ParcelOffer, To: f.To}}, nil
}

// The kinds of message of the hand-over protocol.
const (
	ParcelOffer  = "offer"
	ParcelAnswer = "answer"
	ParcelRecall = "recall"
)

// receiptTo is the message that tells the offering side the answer.
func receiptTo(o *OpenOffer) []Outgoing {
	return []Outgoing{{ID: string(o.ID) + ".answer", Kind: ParcelAnswer, To: o.From}}
}

func (i AcceptCustody) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if c.Offer == nil || c.Offer.ID != i.Offer {
		return nil, nil, E(WrongState, "no such offer is open")
	}
	in, err := s.Outbox.Incoming(ctx, string(i.Offer))
	if ErrorCode(err) == NotFound {
		return nil, nil, E(NotDelivered, "the offer has not been delivered and verified here yet")
	}
	if err != nil {
		return nil, nil, err
	}
	r, err := remark("/note", i.Note, false)
	return &CustodyAccepted{Offer: i.Offer, Receipt: in.Receipt, Private: r}, receiptTo(c.Offer), err
}

func (i DeclineCustody) decide(_ context.Context, _ *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if c.Offer == nil || c.Offer.ID != i.Offer {
		return nil, nil, E(WrongState, "no such offer is open")
	}
	byMachine := []DeclineCode{DeclineBrokenChain, DeclineMissingMaterial, DeclineRecalled}
	byHand := []DeclineCode{DeclineWrongPlace, DeclineNotOurItem, DeclineMissingMaterial, DeclineBrokenChain, DeclineClosed, DeclineOther}
	if ok := slices.Contains(byHand, i.Code) || cmd.Actor.isHub() && slices.Contains(byMachine, i.Code); !ok {
		return nil, nil, InvalidFields([]FieldError{{"/code", "unknown", "no such reason to decline"}})
	}
	r, err := remark("/text", i.Text, !cmd.Actor.isHub())
	return &CustodyDeclined{Offer: i.Offer, Code: i.Code, Private: r}, receiptTo(c.Offer), err
}

func (i Accept) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	a, err := s.assess(ctx, &std, c)
	if err != nil {
		return nil, nil, err
	}
	if err := a.missingSlots(&std, c); err != nil {
		return nil, nil, err
	}
	if err := c.unquestioned(&std); err != nil {
		return nil, nil, err
	}
	r, err := remark("/note", i.Note, false)
	if err != nil {
		return nil, nil, err
	}
	f := &Accepted{Steps: a.Steps, Private: r}
	keeps, err := s.keepsRegister(ctx, c.Custodian)
	if err != nil {
		return nil, nil, err
	}
	if !keeps { // the agency books and issues in a system of its own
		f.Steps.Booking, f.Steps.Papers = false, nil
	}
	if f.Steps.Booking {
		f.Notes, err = s.hold(ctx, c, cmd.Actor.Person)
	}
	return f, nil, err
}

func (i Refuse) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	codes := []RefusalCode{RefusedIncomplete, RefusedWrongPlace, RefusedNotOurItem, RefusedIllegal, RefusedOther}
	if !slices.Contains(codes, i.Code) {
		return nil, nil, InvalidFields([]FieldError{{"/code", "unknown", "no such ground of refusal"}})
	}
	r, err := remark("/text", i.Text, true)
	return &Refused{Code: i.Code, Private: r}, nil, err
}

func (i ReviewCase) decide(_ context.Context, _ *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if i.Second && c.First != nil && c.First.By.Person == cmd.Actor.Person {
		return nil, nil, E(SamePerson, "the first and the second review are by different people")
	}
	r, err := remark("/text", i.Text, !i.Pass)
	return &Reviewed{Second: i.Second, Pass: i.Pass, Private: r}, nil, err
}

func (i Decide) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if !i.Approve && c.Status == StatusSuspended {
		if err := s.letGo(ctx, c); err != nil {
			return nil, nil, err
		}
	}
	if missing := c.StepsMissing(); i.Approve && len(missing) > 0 {
		return nil, nil, missingSteps(missing)
	}
	r, err := remark("/text", i.Text, !i.Approve)
	return &Decided{Approve: i.Approve, Private: r}, nil, err
}

func (i Withdraw) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	r, err := remark("/reason", i.Reason, true)
	if err == nil {
		err = s.letGo(ctx, c)
	}
	return &Withdrawn{Private: r}, nil, err
}

func (i Close) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	r, err := remark("/note", i.Note, false)
	return &Closed{Private: r}, nil, err
}
