package session

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
)

// Dot is one point of a stroke: x and y as parts of the field, y downwards, and
// milliseconds since the first dot of the signature.
type Dot struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	T int     `json:"t"`
}

// Stroke is what was drawn between touching the screen and leaving it.
type Stroke []Dot

// Limits of a signature.
const (
	maxStrokes = 200
	maxDots    = 5000
	minLength  = 0.15 // drawn in all, as parts of the field's width: less is a slip of the finger
	maxTime    = 5 * 60 * 1000
)

// The picture of a signature: pixels, and the width of its line.
const (
	signWidth  = 600
	signHeight = 240
	penRadius  = 2.4
)

// strokesKey names the chunk of the picture that has the strokes.
const strokesKey = "tongban.strokes/1"

// CheckStrokes reports what is wrong with a signature.
func CheckStrokes(strokes []Stroke) error {
	dots, length, last := 0, 0.0, 0
	for _, s := range strokes {
		for i, d := range s {
			dots++
			if !part(d.X) || !part(d.Y) {
				return malformed("/strokes", "a point lies outside the field")
			}
			if d.T < last || d.T > maxTime {
				return malformed("/strokes", "its times run back, or it took too long")
			}
			last = d.T
			if i > 0 {
				length += math.Hypot(d.X-s[i-1].X, (d.Y-s[i-1].Y)*signHeight/signWidth)
			}
		}
	}
	switch {
	case len(strokes) == 0 || length < minLength:
		return malformed("/strokes", "this is no signature")
	case len(strokes) > maxStrokes || dots > maxDots:
		return malformed("/strokes", "too many points")
	}
	return nil
}

// Signature draws a signature as a PNG that carries the strokes themselves,
// with their times, in a text chunk. Same strokes, same bytes.
func Signature(strokes []Stroke) ([]byte, error) {
	if err := CheckStrokes(strokes); err != nil {
		return nil, err
	}
	img := image.NewGray(image.Rect(0, 0, signWidth, signHeight))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, s := range strokes {
		for i, d := range s {
			from := d
			if i > 0 {
				from = s[i-1]
			}
			drawLine(img, from, d)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	text, err := json.Marshal(strokes)
	if err != nil {
		return nil, err
	}
	return withText(b.Bytes(), text), nil
}

// drawLine draws a round pen along a line, with soft edges.
func drawLine(img *image.Gray, a, b Dot) {
	ax, ay, bx, by := a.X*signWidth, a.Y*signHeight, b.X*signWidth, b.Y*signHeight
	reach := penRadius + 1
	box := image.Rect(
		int(math.Min(ax, bx)-reach), int(math.Min(ay, by)-reach), int(math.Max(ax, bx)+reach)+1, int(math.Max(ay, by)+reach)+1,
	).Intersect(img.Rect)
	dx, dy := bx-ax, by-ay
	long := dx*dx + dy*dy
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			px, py := float64(x)+0.5-ax, float64(y)+0.5-ay
			along := 0.0
			if long > 0 {
				along = math.Max(0, math.Min(1, (px*dx+py*dy)/long))
			}
			cover := math.Max(0, math.Min(1, penRadius+0.5-math.Hypot(px-along*dx, py-along*dy)))
			if ink := uint8(255 - math.Round(cover*235)); ink < img.GrayAt(x, y).Y {
				img.SetGray(x, y, color.Gray{Y: ink})
			}
		}
	}
}

// pngHead is the signature and the header chunk of a PNG.
const pngHead = 8 + 25

// withText puts a text chunk behind the header of a PNG (ISO/IEC 15948, iTXt).
func withText(pic, text []byte) []byte {
	data := append([]byte(strokesKey+"\x00\x00\x00\x00\x00"), text...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	body := append([]byte("iTXt"), data...)
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	out := append([]byte{}, pic[:pngHead]...)
	return append(append(out, chunk...), pic[pngHead:]...)
}

// StrokesOf reads the strokes out of a picture that Signature drew.
func StrokesOf(pic []byte) ([]Stroke, error) {
	bad := malformed("", "the picture carries no strokes")
	if len(pic) < pngHead+12 || !bytes.HasPrefix(pic, []byte("\x89PNG\r\n\x1a\n")) {
		return nil, bad
	}
	rest := pic[pngHead:]
	n := int(binary.BigEndian.Uint32(rest))
	head := "iTXt" + strokesKey + "\x00\x00\x00\x00\x00"
	if n > len(rest)-12 || n < len(head)-4 || !bytes.HasPrefix(rest[4:], []byte(head)) {
		return nil, bad
	}
	var s []Stroke
	if err := json.Unmarshal(rest[4+len(head):8+n], &s); err != nil {
		return nil, bad
	}
	return s, CheckStrokes(s)
}
