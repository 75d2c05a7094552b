package hubtest

import (
	"bytes"
	"fmt"
	"testing"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/hub/register"
)

// Officer books and issues at the registry.
func Officer() hub.Actor {
	return hub.Actor{Person: "p-booking", Agency: Registry, Roles: []hub.Role{hub.BookingOfficer}}
}

// Seller and Buyer are the parties of [Hub.Receive].
func Seller() hub.Party {
	return hub.Party{Role: "seller", Name: "张三", IDKind: "passport", IDNumber: "E12345678"}
}

// Buyer is the other party.
func Buyer() hub.Party {
	return hub.Party{Role: "buyer", Name: "李四", IDKind: "passport", IDNumber: "E87654321"}
}

// Bank is a creditor.
func Bank() hub.Party {
	return hub.Party{Role: "bank", Name: "郏县某银行", IDKind: "credit_code", IDNumber: "91350100M000100Y43"}
}

// KeepRegister lets the registry keep its register in the hub, and takes over
// the parcel and the flats of the units, owned by the seller.
func (h *Hub) KeepRegister(t testing.TB, units ...string) {
	t.Helper()
	a, err := h.Directory.Agency(t.Context(), Registry)
	if err != nil {
		t.Fatal(err)
	}
	a.Register, a.PlaceZH = true, "郏县"
	if err := h.Directory.SaveAgency(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	seed := &register.Seed{Agency: string(Registry)}
	seen := map[string]bool{}
	add := func(unit, use string, n int) {
		if seen[unit] {
			return
		}
		seen[unit] = true
		first := &register.First{
			Unit: code.Unit(unit), About: register.Description{Location: "郏县迎宾路8号", Area: 9850, Use: use, Nature: "market", TermEnd: "2082-12-31"},
			Owners: register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: "seller"}}},
		}
		seed.Bookings = append(seed.Bookings, register.SeedBooking{
			Source: register.Source{Kind: register.FromOffice, ID: "seed:" + unit, Step: "first"},
			Steps:  []register.Step{{Op: first, Certificates: []string{fmt.Sprintf("豫(2022)郏县不动产权第%07d号", n)}}},
		})
	}
	for i, u := range units {
		add(u[:19]+"W00000000", "residential_land", 9000+i)
		add(u, "residential", 100+i)
	}
	p := Seller()
	var b bytes.Buffer
	if _, err := seed.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	_, err = h.TakeOverRegister(t.Context(), hub.Reading{Actor: Officer()}, hub.TakeOver{
		Seed: b.Bytes(), People: []hub.SeedPerson{{Ref: "seller", Name: p.Name, IDKind: p.IDKind, IDNumber: p.IDNumber}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Registered is a test hub's item with the register at its end.
func Registered() hub.Standard {
	s := Standard()
	s.Version, s.From = 7, s.From.AddDate(1, 0, 0)
	s.Plan = hub.Plan{Reviews: 1, Booking: true, Exclusive: true}
	s.Outputs = []hub.ResultKind{hub.ResultCertificate}
	s.Digest = hub.SHA256([]byte(fmt.Sprint(s)))
	return s
}
