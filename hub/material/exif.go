package material

import (
	"bytes"
	"encoding/binary"
)

// exifFacts is what is wanted of the metadata of a picture.
type exifFacts struct {
	orientation int // 1 to 8; 0 when not told
	location    bool
}

const (
	tagOrientation = 0x0112
	tagGPS         = 0x8825
	maxEntries     = 512 // of one directory that is looked at
)

// app1 reads an APP1 segment of a JPEG: EXIF or XMP.
func (x *exifFacts) app1(b []byte) {
	if rest, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00")); ok {
		x.parse(rest)
		return
	}
	x.xmp(b)
}

// xmp finds a place in XMP, whatever its shape.
func (x *exifFacts) xmp(b []byte) {
	for _, key := range []string{"GPSLatitude", "GPSLongitude", "LocationCreated", "Iptc4xmpCore:Location"} {
		if bytes.Contains(b, []byte(key)) {
			x.location = true
		}
	}
}

// parse reads the first directory of EXIF data. What is malformed says nothing:
// the working copy drops it all anyhow.
func (x *exifFacts) parse(b []byte) {
	order, ok := byteOrder(b)
	if !ok || len(b) < 8 {
		return
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return
	}
	n := int(order.Uint16(b[at:]))
	for i := range min(n, maxEntries) {
		e := at + 2 + int64(i)*12
		if e+12 > int64(len(b)) {
			return
		}
		switch order.Uint16(b[e:]) {
		case tagOrientation:
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				x.orientation = v
			}
		case tagGPS:
			x.location = true
		}
	}
}

// byteOrder reads the mark of TIFF and EXIF.
func byteOrder(b []byte) (binary.ByteOrder, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		return binary.LittleEndian, true
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		return binary.BigEndian, true
	}
	return nil, false
}
