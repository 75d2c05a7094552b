package certificate

import "math"

// Mark is the seal that is drawn on a paper. It is a picture: what proves the
// paper is the signature of the [Sealer]. The zero Mark leaves the place of the
// seal free, for a platform that draws its own.
type Mark struct {
	Agency string // along the arc, as 郏县不动产登记中心
	Name   string // under the star, as 不动产登记专用章; may be empty
	Test   bool   // the signer is a test signer: the seal says 测试章 TEST SEAL
}

const sealSize = 113.4 // 40 mm, the size of a county's registry seal

// mark draws a round seal around a centre.
func (s *sheet) mark(page int, m Mark, cx, cy float64) {
	if m.Agency == "" {
		return
	}
	const radius = sealSize / 2
	s.put(page, op{kind: opCircle, x: cx - radius, y: cy - radius, w: sealSize, thick: 2.6, ink: red})
	s.arc(page, m.Agency, cx, cy, radius-5)
	s.put(page, op{kind: opPolygon, points: star(cx, cy-7, 14), ink: red})
	y := cy + 20.0 // the date stands at 48
	if m.Test {
		s.sealLine(page, "测试章", cx, y, 10.5)
		s.sealLine(page, "TEST SEAL", cx, y+10.5, 8)
	} else if m.Name != "" {
		s.sealLine(page, m.Name, cx, y+6, math.Min(10.5, 66/math.Max(1, s.t.width(m.Name, 1))))
	}
}

func (s *sheet) sealLine(page int, text string, cx, y, size float64) {
	s.line(page, text, cx-sealSize/2, y, sealSize, size, centre, red)
}

// arc writes a name clockwise inside the ring, its middle at the top.
func (s *sheet) arc(page int, name string, cx, cy, outer float64) {
	s.lacking.add(s.t, name)
	letters := []rune(name)
	const widest = 250.0 // degrees of the ring that the name may take
	size := 14.0
	step := 0.0
	for ; size > 4; size -= 0.25 {
		step = size * 1.12 / (outer - size/2) * 180 / math.Pi
		if step*float64(len(letters)-1) <= widest {
			break
		}
	}
	step = math.Min(step*1.3, widest/math.Max(1, float64(len(letters)-1)))
	if n := float64(len(letters)); step*n > widest {
		step = widest / n
	}
	r := outer - size/2
	for i, l := range letters {
		at := (float64(i) - float64(len(letters)-1)/2) * step // degrees from the top
		a := at * math.Pi / 180
		x, y := cx+r*math.Sin(a), cy-r*math.Cos(a)
		w := s.t.width(string(l), size)
		s.put(page, op{
			kind: opText, x: x - w/2, y: y + 0.36*size, w: w, size: size, angle: -at - 0.001, ink: red, runs: s.t.runs(string(l)),
		})
	}
}

// star is a five-pointed star that points up.
func star(cx, cy, r float64) [][2]float64 {
	points := make([][2]float64, 0, 10)
	for i := range 10 {
		length := r
		if i%2 == 1 {
			length = r * 0.382
		}
		a := float64(i) * math.Pi / 5
		points = append(points, [2]float64{cx + length*math.Sin(a), cy - length*math.Cos(a)})
	}
	return points
}
