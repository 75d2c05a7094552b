package material

import (
	"image"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"tongban/hub"
)

// The thresholds of the hints. They were set on scans at 200 and 300 dpi and on
// photographs of phones, on a copy of hintWidth pixels; another scanner may
// want others.
const (
	hintWidth     = 800
	skewWidth     = 600
	blurredBelow  = 100.0 // variance of the Laplacian; sharp text has thousands
	darkBelow     = 110   // brightness, 0 to 255, that nine tenths of the pixels stay under: paper that is not white
	leastContrast = 40    // between ink and paper that is reckoned with
	blankInk      = 0.002 // part of the pixels that is ink
	inkBelow      = 150   // brightness of ink
	skewFrom      = 0.8   // degrees
	skewLimit     = 5.0   // degrees that are looked for
	skewClear     = 1.25  // how much better the best angle must be than none
	edgeInset     = 3     // pixels from the edge where the frame is looked at
	edgeCrossings = 12    // changes between ink and paper along one edge: writing, not a shadow
)

// judge gives hints about a page and the angle of its writing in degrees.
func judge(m image.Image) (hints []hub.Hint, angle float64) {
	g := grayOf(m, hintWidth)
	if inkPart(g) < blankInk {
		return []hub.Hint{hub.HintBlank}, 0
	}
	low, high := levels(g)
	// Dim light is not blur: as if the writing had full contrast.
	contrast := float64(max(high-low, leastContrast)) / 255
	if sharpness(g)/(contrast*contrast) < blurredBelow {
		hints = append(hints, hub.HintBlurred)
	}
	if high < darkBelow {
		hints = append(hints, hub.HintDark)
	}
	if angle = skew(grayOf(m, skewWidth)); math.Abs(angle) >= skewFrom {
		hints = append(hints, hub.HintSkewed)
	}
	if cutOff(g) {
		hints = append(hints, hub.HintCutOff)
	}
	return hints, angle
}

// grayOf is a grey copy of at most width pixels.
func grayOf(m image.Image, width int) *image.Gray {
	b := m.Bounds()
	w := max(1, min(width, b.Dx()))
	h := max(1, b.Dy()*w/b.Dx())
	g := image.NewGray(image.Rect(0, 0, w, min(h, 4*width)))
	xdraw.ApproxBiLinear.Scale(g, g.Bounds(), m, b, draw.Src, nil)
	return g
}

func inkPart(g *image.Gray) float64 {
	n := 0
	for _, p := range g.Pix {
		if p < inkBelow {
			n++
		}
	}
	return float64(n) / float64(len(g.Pix))
}

// sharpness is the variance of a 3x3 Laplacian.
func sharpness(g *image.Gray) float64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var sum, squares, n float64
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*g.Stride + x
			v := float64(int(g.Pix[i-1]) + int(g.Pix[i+1]) + int(g.Pix[i-g.Stride]) + int(g.Pix[i+g.Stride]) - 4*int(g.Pix[i]))
			sum += v
			squares += v * v
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return squares/n - sum/n*sum/n
}

// levels are the brightness of ink and of paper: one in a hundred pixels is
// darker than the first, one in ten lighter than the second.
func levels(g *image.Gray) (ink, paper int) {
	var histogram [256]int
	for _, p := range g.Pix {
		histogram[p]++
	}
	at := func(part int) int {
		for v, n := range histogram {
			if part -= n; part <= 0 {
				return v
			}
		}
		return 255
	}
	return at(len(g.Pix) / 100), at(len(g.Pix) * 9 / 10)
}

// skew is the angle at which the rows of ink differ most from each other,
// which is when lines of writing lie level; 0 where no angle is clear.
func skew(g *image.Gray) float64 {
	type point struct{ x, y float64 }
	var ink []point
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for y := range h {
		for x := y % 2; x < w; x += 2 {
			if g.Pix[y*g.Stride+x] < inkBelow {
				ink = append(ink, point{float64(x - w/2), float64(y)})
			}
		}
	}
	rows := make([]float64, h)
	clarity := func(a float64) float64 {
		slope := math.Tan(a * math.Pi / 180)
		clear(rows)
		for _, p := range ink {
			if y := int(p.y + p.x*slope); y >= 0 && y < h {
				rows[y]++
			}
		}
		v := 0.0
		for i := 1; i < h; i++ {
			d := rows[i] - rows[i-1]
			v += d * d
		}
		return v
	}
	best, angle := 0.0, 0.0
	look := func(from, to, step float64) {
		for a := from; a <= to+step/2; a += step {
			if v := clarity(a); v > best {
				best, angle = v, a
			}
		}
	}
	look(-skewLimit, skewLimit, 0.4)
	look(angle-0.3, angle+0.3, 0.1)
	if best < skewClear*clarity(0) {
		return 0
	}
	return angle
}

// cutOff tells whether writing crosses an edge: along it ink and paper change
// often. The black rim of a scanner is one change.
func cutOff(g *image.Gray) bool {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if min(w, h) <= 4*edgeInset {
		return false
	}
	crossings := func(n int, at func(i int) uint8) int {
		changes, ink := 0, false
		for i := edgeInset; i < n-edgeInset; i++ {
			// Two levels, so that grain on a grey rim is no writing.
			switch p := at(i); {
			case ink && p > inkBelow+40, !ink && p < inkBelow-40:
				ink = !ink
				changes++
			}
		}
		return changes
	}
	pixel := func(x, y int) uint8 { return g.Pix[y*g.Stride+x] }
	return crossings(w, func(i int) uint8 { return pixel(i, edgeInset) }) >= edgeCrossings ||
		crossings(w, func(i int) uint8 { return pixel(i, h-1-edgeInset) }) >= edgeCrossings ||
		crossings(h, func(i int) uint8 { return pixel(edgeInset, i) }) >= edgeCrossings ||
		crossings(h, func(i int) uint8 { return pixel(w-1-edgeInset, i) }) >= edgeCrossings
}
