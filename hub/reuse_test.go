package hub_test

import (
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

func TestWhatTheRegisterHasIsNotAskedAgain(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	std := hubtest.Registered()
	std.Fields = append(std.Fields, hub.Field{Key: "certificate", Kind: "certificate", ZH: "证号", EN: "certificate"})
	std.Slots[1].Required, std.Slots[1].Output = true, hub.ResultCertificate
	std.Digest = hub.SHA256([]byte("known"))
	if err := h.Directory.SaveStandard(t.Context(), std); err != nil {
		t.Fatal(err)
	}
	h.KeepRegister(t, hubtest.Unit)
	wish := func(number string) hub.Receive {
		return hub.Receive{
			Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1), "certificate": number}, Despite: "另案",
			Parties: []hub.Party{hubtest.Seller(), hubtest.Buyer()},
		}
	}
	const good, land, foreign = "豫(2022)郏县不动产权第0000100号", "豫(2022)郏县不动产权第0009000号", "豫(2022)郏县不动产权第0007777号"
	for number, asked := range map[string]bool{good: false, land: false, foreign: true} {
		_, a, err := h.AssessWish(t.Context(), wish(number))
		if err != nil || a.Needs["certificate"] != asked || asked == (a.Known["certificate"] != "") {
			t.Errorf("%s: needs %v, known %v, %v", number, a.Needs, a.Known, err)
		}
	}
	for number, code := range map[string]hub.Code{foreign: hub.MissingMaterial, good: ""} {
		id := h.Do(t, hubtest.Clerk(), "", "case-"+string(code), wish(number)).Case
		h.AddFile(t, hubtest.Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract"))
		h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
		wantCode(t, try(t, h, hubtest.Clerk(), id, "offer", hub.OfferCustody{}), code)
	}
}

func TestAMaterialServesAnotherCaseOfTheSamePeople(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	std := hubtest.Standard()
	std.Version, std.Digest = 2, hub.SHA256([]byte("reusable"))
	std.Slots[1].Reusable = true
	if err := h.Directory.SaveStandard(t.Context(), std); err != nil {
		t.Fatal(err)
	}
	first := h.Receive(t, "case-1")
	h.AddFile(t, hubtest.Clerk(), first, "file-1", "contract", []byte("%PDF-1.7 contract"))
	h.AddFile(t, hubtest.Clerk(), first, "file-2", "certificate", []byte("\xff\xd8\xff certificate"))
	contract, cert := hub.NewMaterialID(first, "file-1"), hub.NewMaterialID(first, "file-2")
	second := h.Do(t, hubtest.Clerk(), "", "case-2", hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(2)}, Despite: "另案", Parties: []hub.Party{hubtest.Seller(), hubtest.Buyer()},
	}).Case
	strangers := h.Do(t, hubtest.Clerk(), "", "case-3", hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(2)}, Despite: "另案", Parties: []hub.Party{
			{Role: "seller", Name: "赵一", IDKind: "passport", IDNumber: "Z1111111"}, {Role: "buyer", Name: "赵二", IDKind: "passport", IDNumber: "Z2222222"},
		},
	}).Case
	from := func(id hub.CaseID, m hub.MaterialID) *hub.MaterialSource {
		return &hub.MaterialSource{Case: id, Material: m}
	}
	for name, c := range map[string]struct {
		in   hub.CaseID
		add  hub.AddMaterial
		code hub.Code
	}{
		"a paper brought each time": {second, hub.AddMaterial{Slot: "contract", Name: "a.pdf", From: from(first, contract)}, hub.Invalid},
		"of another kind":           {second, hub.AddMaterial{Slot: "certificate", Name: "a.pdf", From: from(first, contract)}, hub.Invalid},
		"of other people":           {strangers, hub.AddMaterial{Slot: "certificate", Name: "a.jpg", From: from(first, cert)}, hub.Invalid},
		"no such material":          {second, hub.AddMaterial{Slot: "certificate", Name: "a.jpg", From: from(first, "m_nothing")}, hub.NotFound},
		"no such case":              {second, hub.AddMaterial{Slot: "certificate", Name: "a.jpg", From: from("c_nothing", cert)}, hub.NotFound},
		"both at once":              {second, hub.AddMaterial{Slot: "certificate", Name: "a.jpg", Digest: hub.SHA256(nil), From: from(first, cert)}, hub.Invalid},
	} {
		if err := try(t, h, hubtest.Clerk(), c.in, "bad", c.add); hub.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.Do(t, hubtest.Clerk(), second, "good", hub.AddMaterial{Slot: "certificate", Name: "证书.jpg", From: from(first, cert), SeenOriginal: true})
	m := load(t, h, second).Live()[0]
	was, _ := load(t, h, first).Material(cert)
	if m.File != was.File || m.From != string(first)+"/"+string(cert) {
		t.Errorf("it is %+v", m)
	}
}
