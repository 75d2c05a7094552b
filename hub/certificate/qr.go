package certificate

import (
	"github.com/skip2/go-qrcode"

	"tongban/hub"
)

// maxCheck bounds the text of a QR code, so that its squares stay large enough for a phone.
const maxCheck = 300

// qr draws a text as a QR code of rectangles, without the white rim: the caller
// leaves at least four modules free around it.
func (s *sheet) qr(page int, text string, x, y, size float64) error {
	if len(text) > maxCheck {
		return hub.InvalidFields([]hub.FieldError{{Pointer: "/check", Code: "too_long", Message: "too long for a QR code"}})
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return hub.Wrap(hub.Invalid, err, "the text does not fit into a QR code")
	}
	code.DisableBorder = true
	bits := code.Bitmap()
	module := size / float64(len(bits))
	for i, line := range bits {
		for j := 0; j < len(line); j++ {
			k := j
			for k < len(line) && line[k] {
				k++
			}
			if k > j {
				s.put(page, op{
					kind: opFill, x: x + float64(j)*module, y: y + float64(i)*module, w: float64(k-j) * module, h: module, ink: black,
				})
				j = k
			}
		}
	}
	return nil
}
