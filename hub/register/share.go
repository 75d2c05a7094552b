package register

import (
	"math/big"
	"slices"
	"strconv"
)

// Share is a fraction of a right. The zero Share is none.
type Share struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// maxDen bounds a denominator: no deed divides finer.
const maxDen = 1_000_000_000

func (s Share) ok() bool { return s.Num > 0 && s.Den > 0 && s.Num <= s.Den && s.Den <= maxDen }

func (s Share) rat() *big.Rat {
	if s.Den == 0 {
		return new(big.Rat)
	}
	return big.NewRat(s.Num, s.Den)
}

// shareOf is false when the fraction is finer than a register writes.
func shareOf(r *big.Rat) (Share, bool) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || r.Denom().Int64() > maxDen {
		return Share{}, false
	}
	return Share{r.Num().Int64(), r.Denom().Int64()}, true
}

// Holder holds a right, alone, jointly or by a share.
type Holder struct {
	Ref   Ref   `json:"ref"`
	Share Share `json:"share,omitzero"` // only with ByShares
}

// Ownership is who holds a right and how.
type Ownership struct {
	Mode    Mode     `json:"mode"`
	Holders []Holder `json:"holders"`
}

var one = big.NewRat(1, 1)

// whole tells whether the ownership is complete: known mode, nobody twice,
// shares that sum to 1.
func (o Ownership) whole() bool {
	if !o.formed() {
		return false
	}
	switch o.Mode {
	case Sole:
		return len(o.Holders) == 1
	case Joint:
		return len(o.Holders) >= 2
	}
	return len(o.Holders) >= 2 && o.sum(nil).Cmp(one) == 0
}

// formed is whole without the count and the sum.
func (o Ownership) formed() bool {
	if o.Mode != Sole && o.Mode != Joint && o.Mode != ByShares || len(o.Holders) == 0 {
		return false
	}
	seen := map[Ref]bool{}
	for _, h := range o.Holders {
		if h.Ref == "" || seen[h.Ref] || (o.Mode == ByShares) != h.Share.ok() || o.Mode != ByShares && h.Share != (Share{}) {
			return false
		}
		seen[h.Ref] = true
	}
	return true
}

// sum adds the shares of those refs, of all when refs is nil.
func (o Ownership) sum(refs []Ref) *big.Rat {
	t := new(big.Rat)
	for _, h := range o.Holders {
		if refs == nil || slices.Contains(refs, h.Ref) {
			t.Add(t, h.Share.rat())
		}
	}
	return t
}

// Refs are the holders.
func (o Ownership) Refs() []Ref {
	out := make([]Ref, 0, len(o.Holders))
	for _, h := range o.Holders {
		out = append(out, h.Ref)
	}
	return out
}

// Share is what one of them holds: 1 for a sole owner, none for a joint one.
func (o Ownership) Share(r Ref) Share {
	for _, h := range o.Holders {
		if h.Ref == r && o.Mode == Sole {
			return Share{1, 1}
		}
		if h.Ref == r {
			return h.Share
		}
	}
	return Share{}
}

var twoThirds = big.NewRat(2, 3)

// mayDispose tells whether those acting may dispose of the whole: the sole
// owner, all joint owners, holders of two thirds of the shares (民法典 301).
func (o Ownership) mayDispose(acting []Ref) bool {
	switch o.Mode {
	case ByShares:
		if acting == nil {
			return false
		}
		return o.sum(acting).Cmp(twoThirds) >= 0
	case Sole, Joint:
		return len(o.Holders) > 0 && containsAll(acting, o.Refs())
	}
	return false
}

// passed is the ownership after the givers' part has gone to others. ok is
// false when the parts do not fit.
func (o Ownership) passed(from []Ref, to Ownership) (Ownership, bool) {
	if !containsAll(o.Refs(), from) || len(from) == 0 || !to.formed() {
		return Ownership{}, false
	}
	if containsAll(from, o.Refs()) {
		return to.clone(), to.whole()
	}
	if o.Mode != ByShares || to.Mode != ByShares && to.Mode != Sole {
		return Ownership{}, false // a joint owner has no part to give alone
	}
	given := o.sum(from)
	if to.Mode == Sole { // the whole part to one
		share, ok := shareOf(given)
		if !ok || len(to.Holders) != 1 {
			return Ownership{}, false
		}
		to = Ownership{ByShares, []Holder{{to.Holders[0].Ref, share}}}
	}
	if to.sum(nil).Cmp(given) != 0 {
		return Ownership{}, false
	}
	out := Ownership{Mode: ByShares}
	for _, h := range o.Holders {
		if !slices.Contains(from, h.Ref) {
			out.Holders = append(out.Holders, h)
		}
	}
	for _, h := range to.Holders {
		i := slices.IndexFunc(out.Holders, func(k Holder) bool { return k.Ref == h.Ref })
		if i < 0 {
			out.Holders = append(out.Holders, h)
			continue
		}
		share, ok := shareOf(new(big.Rat).Add(out.Holders[i].Share.rat(), h.Share.rat()))
		if !ok {
			return Ownership{}, false
		}
		out.Holders[i].Share = share
	}
	if len(out.Holders) == 1 {
		out = Ownership{Sole, []Holder{{Ref: out.Holders[0].Ref}}}
	}
	return out, out.whole()
}

func (o Ownership) clone() Ownership {
	o.Holders = slices.Clone(o.Holders)
	return o
}

// containsAll tells whether every one of want is in have.
func containsAll(have, want []Ref) bool {
	for _, r := range want {
		if !slices.Contains(have, r) {
			return false
		}
	}
	return true
}

// containsAny tells whether one of want is in have.
func containsAny(have, want []Ref) bool {
	return slices.ContainsFunc(want, func(r Ref) bool { return slices.Contains(have, r) })
}

// String is the fraction as written in the register, 1/3; "" for none.
func (s Share) String() string {
	if s == (Share{}) {
		return ""
	}
	return strconv.FormatInt(s.Num, 10) + "/" + strconv.FormatInt(s.Den, 10)
}
