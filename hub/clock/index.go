package clock

import (
	"math/bits"
	"sort"
)

const words = (days + 63) / 64

// index is a set of days with its running count: rank takes constant time, nth a binary search over 571 words.
// It holds 7 KiB and is shared by all offices that work the same days.
type index struct {
	bits  [words]uint64
	ranks [words + 1]int32 // ranks[i] is the number of days in the words before i
}

func (x *index) has(n int) bool { return inCentury(n) && x.bits[n>>6]>>(n&63)&1 == 1 }

func (x *index) put(n int, in bool) {
	if in {
		x.bits[n>>6] |= 1 << (n & 63)
	} else {
		x.bits[n>>6] &^= 1 << (n & 63)
	}
}

// count makes rank and nth true again after put.
func (x *index) count() {
	for i, w := range x.bits {
		x.ranks[i+1] = x.ranks[i] + int32(bits.OnesCount64(w))
	}
}

// rank is the number of days in the set up to and including day n.
func (x *index) rank(n int) int {
	switch {
	case n < 0:
		return 0
	case n >= days:
		return int(x.ranks[words])
	}
	return int(x.ranks[n>>6]) + bits.OnesCount64(x.bits[n>>6]<<(63-n&63))
}

// nth is the day with rank k, or -1 when there is none.
func (x *index) nth(k int) int {
	if k < 1 || k > int(x.ranks[words]) {
		return -1
	}
	w := sort.Search(words, func(i int) bool { return int(x.ranks[i+1]) >= k })
	rest := x.bits[w]
	for range k - int(x.ranks[w]) - 1 {
		rest &= rest - 1
	}
	return w<<6 + bits.TrailingZeros64(rest)
}
