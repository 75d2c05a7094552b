package register

import (
	"fmt"

	"tongban/hub/code"
)

// DemoPlace is a county of the demonstration register.
type DemoPlace struct {
	Agency      string
	Division    code.Division
	Province    string // 省简称, for certificates
	Name        string // 市县全称, for certificates
	Street      string
	Bank, Court string
}

// DemoPlaces are the four counties with a demonstration register.
func DemoPlaces() []DemoPlace {
	return []DemoPlace{
		{"410425.registry", 410425, "豫", "郏县", "郏县龙山大道", "demo:bank:jiaxian", "郏县人民法院"},
		{"440305.registry", 440305, "粤", "深圳市", "深圳市南山区学府路", "demo:bank:shenzhen", "深圳市南山区人民法院"},
		{"330106.registry", 330106, "浙", "杭州市", "杭州市西湖区文三路", "demo:bank:hangzhou", "杭州市西湖区人民法院"},
		{"510104.registry", 510104, "川", "成都市", "成都市锦江区红星路", "demo:bank:chengdu", "成都市锦江区人民法院"},
	}
}

// DemoUnits is the number of flats of a demonstration register.
const DemoUnits = 40

// DemoUnit is the n-th flat of the place, from 1.
func DemoUnit(p DemoPlace, n int) code.Unit {
	return code.Unit(fmt.Sprintf("%s001002GB%05dF%04d%04d", p.Division, 1+(n-1)/20, 1+(n-1)%20/10, 101+(n-1)%10))
}

// DemoOwner is the placeholder of the n-th flat's owner; b is the second one
// where there are two.
func DemoOwner(p DemoPlace, n int, b bool) Ref {
	if b {
		return Ref(fmt.Sprintf("demo:%s:owner%02db", p.Division, n))
	}
	return Ref(fmt.Sprintf("demo:%s:owner%02d", p.Division, n))
}

// The flats of a demonstration register that are not simply owned.
const (
	DemoJoint      = 5  // and every fifth after it: a couple
	DemoShares     = 7  // and every tenth after it: 2/3 and 1/3
	DemoMortgaged  = 3  // and every sixth after it
	DemoNoTransfer = 9  // one of these, with a no-transfer clause
	DemoSeized     = 11 // two seizures, the second waits
	DemoObjected   = 13
	DemoNoticed    = 14 // sold with an advance notice
	DemoResidence  = 16
	DemoPlanned    = 41 // a pre-sale flat beside the registered ones, with both notices
)

// DemoSeed is the demonstration register of a place: two parcels, their flats,
// and one of everything that can stand against a case. It is the same at every
// call.
func DemoSeed(p DemoPlace) *Seed {
	s := &Seed{Agency: p.Agency}
	for n := range 2 {
		u := code.Unit(fmt.Sprintf("%s001002GB%05dW00000000", p.Division, n+1))
		s.office(u, "land", Step{Op: &First{
			Unit: u, About: Description{fmt.Sprintf("%s%d号", p.Street, 10+n), 1_250_000, "residential_land", "granted", "2082-12-31"},
			Owners: Ownership{Sole, []Holder{{Ref: Ref(fmt.Sprintf("demo:%s:developer", p.Division))}}},
		}, Certificates: []string{p.certificate(false, 9000+n)}})
	}
	for n := 1; n <= DemoUnits; n++ {
		s.flat(p, n)
	}
	s.planned(p)
	return s
}

func (s *Seed) office(u code.Unit, step string, steps ...Step) {
	s.Bookings = append(s.Bookings, SeedBooking{Source{FromOffice, "seed:" + string(u), step}, steps})
}

func (p DemoPlace) certificate(proof bool, n int) string {
	what := "不动产权"
	if proof {
		what = "不动产证明"
	}
	return fmt.Sprintf("%s(2022)%s%s第%07d号", p.Province, p.Name, what, n)
}

func demoOwners(p DemoPlace, n int) Ownership {
	a, b := DemoOwner(p, n, false), DemoOwner(p, n, true)
	switch {
	case n%5 == 0:
		return Ownership{Joint, []Holder{{Ref: a}, {Ref: b}}}
	case n%10 == DemoShares:
		return Ownership{ByShares, []Holder{{a, Share{2, 3}}, {b, Share{1, 3}}}}
	}
	return Ownership{Sole, []Holder{{Ref: a}}}
}

func (s *Seed) flat(p DemoPlace, n int) {
	u, owners := DemoUnit(p, n), demoOwners(p, n)
	first := &First{
		Unit: u,
		About: Description{
			fmt.Sprintf("%s%d号院%d号楼%d室", p.Street, 10+(n-1)/20, 1+(n-1)%20/10, 101+(n-1)%10),
			int64(7_850 + 137*n), "residential", "market", "2082-12-31",
		},
		Owners: owners,
	}
	if n%8 == 0 {
		first.Prior = []string{fmt.Sprintf("%s房权证字第%08d号", p.Name, 20100000+n)}
	}
	steps := []Step{{Op: first, Certificates: []string{p.certificate(false, n)}}}
	bank := Ref(p.Bank)
	if n%6 == DemoMortgaged || n == DemoNoTransfer {
		steps = append(steps, Step{Op: &Mortgage{
			Unit: u, Kind: OrdinaryMortgage, Creditor: bank, Debt: int64(60_000_000 + n*100_000), Begins: "2022-06-01", Until: "2042-05-31",
			NoTransfer: n == DemoNoTransfer, Scope: "principal_interest_costs", Acting: append(owners.Refs(), bank),
		}, Certificates: []string{p.certificate(true, n)}})
	}
	switch n {
	case DemoObjected:
		steps = append(steps, Step{Op: &Objection{Unit: u, By: Ref(fmt.Sprintf("demo:%s:objector", p.Division)), About: "ownership"}})
	case DemoNoticed:
		buyer := Ref(fmt.Sprintf("demo:%s:buyer", p.Division))
		steps = append(steps, Step{Op: &Notice{
			Unit: u, Kind: NoticeOwnership, Obligors: owners.Refs(), Holders: []Ref{buyer}, Acting: append(owners.Refs(), buyer),
		}, Certificates: []string{p.certificate(true, 100+n)}})
	case DemoResidence:
		steps = append(steps, Step{Op: &Residence{
			Unit: u, Holder: Ref(fmt.Sprintf("demo:%s:resident", p.Division)), Acting: owners.Refs(),
		}, Certificates: []string{p.certificate(true, 100+n)}})
	}
	s.office(u, "title", steps...)
	if n == DemoSeized {
		for i, months := range []int{36, 12} {
			order := fmt.Sprintf("(2026)%s0%d执%d号", p.Province, i+1, 301+i)
			s.Bookings = append(s.Bookings, SeedBooking{
				Source{FromCourt, "seed:" + order, string(u)}, []Step{{Op: &Seizure{u, p.Court, order, months}}},
			})
		}
	}
}

// planned is a pre-sale flat that was sold on a loan: both notices stand (双预告).
func (s *Seed) planned(p DemoPlace) {
	u := code.Unit(fmt.Sprintf("%s001002GB00002F00090101", p.Division))
	developer, buyer := Ref(fmt.Sprintf("demo:%s:developer", p.Division)), DemoOwner(p, DemoPlanned, false)
	bank := Ref(p.Bank)
	s.office(u, "plan",
		Step{Op: &Plan{u, Description{p.Street + "11号院9号楼101室", 9_920, "residential", "market", "2082-12-31"}, developer}},
		Step{Op: &Notice{
			Unit: u, Kind: NoticeOwnership, Obligors: []Ref{developer}, Holders: []Ref{buyer}, Acting: []Ref{developer, buyer},
		}, Certificates: []string{p.certificate(true, 901)}},
		Step{Op: &Notice{
			Unit: u, Kind: NoticeMortgage, Obligors: []Ref{buyer}, Holders: []Ref{bank}, Debt: 90_000_000, Acting: []Ref{buyer, bank},
		}, Certificates: []string{p.certificate(true, 902)}})
}
