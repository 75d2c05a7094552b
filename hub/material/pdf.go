package material

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"tongban/hub"
)

// How a PDF is read. Nothing in it is believed: neither its cross-reference
// table nor the lengths of its streams, since readers differ in which of these
// they follow. Instead every byte of the file is looked at for the names that
// do something, in whatever spelling (ISO 32000-1, 7.3.5), and every stream
// that could hold objects is unpacked and looked at as well (7.5.7).

const (
	pdfWindow   = 1 << 20 // read at once
	pdfBehind   = 4096    // kept of what was before: the dictionary of a stream
	pdfAhead    = 256     // a name or a keyword may reach so far
	pdfTail     = 64 << 10
	pdfPrefix   = 512     // of a stream, to tell whether it may hold objects
	maxStreams  = 500_000 // of one file
	maxPageSide = 14_400  // units, 200 inches: the limit of ISO 32000-1, annex C
	pdfEOF      = "%%EOF"
)

// pdfNames are the names that a file of a case must not hold, and why.
var pdfNames = map[string]string{
	"JavaScript": reasonScript, "Launch": reasonLaunch,
	"EmbeddedFile": reasonAttachment, "EmbeddedFiles": reasonAttachment,
	"RichMedia": reasonMedia, "Rendition": reasonMedia, "3D": reasonMedia,
	"XFA": reasonXFA, "SubmitForm": reasonSends, "ImportData": reasonSends,
}

// shortNames are looked for only among parsed objects: in packed pictures so
// few letters come up by chance.
var shortNames = []string{"3D", "XFA"}

// pdfScan collects what is found; the verdict is spoken at the end, because
// that a file is locked explains everything else.
type pdfScan struct {
	*file
	encrypted bool
	found     string // reason of the first forbidden name
	broken    error  // an object stream that cannot be looked into
	tree      pdfTree
	left      int64 // bytes that may still be unpacked
	streams   int
	unpack    io.ReadCloser
}

func (f *file) pdf(is *hub.Inspection) error {
	end, err := f.pdfEnd()
	if err != nil {
		return err
	}
	s := &pdfScan{file: f, left: f.lim.Inflated}
	if err := s.bytes(); err != nil {
		return err
	}
	if s.encrypted {
		return refuse(hub.Encrypted, reasonEncrypted, "the PDF is protected by a password")
	}
	if err := s.verdict(s.found); err != nil {
		return err
	}
	if s.broken != nil {
		return s.broken
	}
	if err := s.tree.read(f.ctx, f.cursor(0).Reader); err != nil {
		return err
	}
	is.Pages = s.tree.pages()
	switch {
	case s.tree.deep:
		return unsafeContent(reasonComplex, "the objects of the PDF nest too deep")
	case s.tree.huge:
		return unsafeContent(reasonPageSize, "a page of the PDF is larger than %d units", maxPageSide)
	case is.Pages == 0:
		return unsafeContent(reasonDamaged, "a PDF without a page")
	case is.Pages > f.lim.Pages:
		return refuse(hub.TooManyPages, reasonPages, "%d pages; at most %d", is.Pages, f.lim.Pages)
	}
	if err := s.verdict(s.tree.found); err != nil {
		return err
	}
	return f.checkTail(end)
}

func (*pdfScan) verdict(reason string) error {
	if reason == "" {
		return nil
	}
	return unsafeContent(reason, "the PDF holds active content or other files")
}

// pdfEnd finds the last end mark.
func (f *file) pdfEnd() (int64, error) {
	n := min(f.size, pdfTail)
	b, err := f.bytesAt(f.size-n, n)
	if err != nil {
		return 0, err
	}
	at := bytes.LastIndex(b, []byte(pdfEOF))
	if at < 0 {
		return 0, unsafeContent(reasonTruncated, "a PDF without its end mark")
	}
	return f.size - n + int64(at+len(pdfEOF)), nil
}

// bytes looks at every byte of the file, a window at a time.
func (s *pdfScan) bytes() error {
	buf := make([]byte, 0, pdfBehind+pdfWindow+pdfAhead)
	start := int64(0) // of buf in the file
	from := 0         // what is before was looked at
	for pos := int64(0); ; {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		n, err := s.r.ReadAt(buf[len(buf):cap(buf)], pos)
		buf, pos = buf[:len(buf)+n], pos+int64(n)
		last := errors.Is(err, io.EOF) || pos >= s.size
		if err != nil && !last {
			return err
		}
		to := len(buf)
		if !last {
			to -= pdfAhead
		}
		if err := s.window(buf, from, to, start); err != nil || last {
			return err
		}
		keep := max(0, to-pdfBehind)
		start += int64(keep)
		buf = append(buf[:0], buf[keep:]...)
		from = to - keep
	}
}

// window looks at the names and keywords that begin in [from, to).
func (s *pdfScan) window(b []byte, from, to int, start int64) error {
	for i := from; i < to; i++ {
		n := bytes.IndexByte(b[i:to], '/')
		if n < 0 {
			break
		}
		i += n
		switch name := pdfName(b[i+1:]); {
		case name == "Encrypt":
			s.encrypted = true
		case s.found == "" && len(name) > 3:
			s.found = pdfNames[name]
		}
	}
	for i := from; i < to; {
		n := bytes.Index(b[i:min(to+5, len(b))], []byte("stream"))
		if n < 0 || i+n >= to {
			break
		}
		at := i + n
		i = at + 6
		if at >= 3 && string(b[at-3:at]) == "end" {
			continue
		}
		if data := streamStart(b[i:]); data > 0 {
			if err := s.stream(b[max(0, at-pdfBehind):at], start+int64(i+data)); err != nil {
				return err
			}
		}
	}
	return nil
}

// streamStart is how long the end of line behind the keyword is; 0 when there is none.
func streamStart(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte("\r\n")):
		return 2
	case bytes.HasPrefix(b, []byte("\n")), bytes.HasPrefix(b, []byte("\r")):
		return 1
	case bytes.HasPrefix(b, []byte(" \n")), bytes.HasPrefix(b, []byte(" \r")): // seen in the wild
		return 2
	}
	return 0
}

// stream looks into a stream that may hold objects.
func (s *pdfScan) stream(before []byte, at int64) error {
	if s.streams++; s.streams > maxStreams {
		return unsafeContent(reasonComplex, "a PDF of too many streams")
	}
	maybe, _ := dictionary(before) // of this object, or of one before it
	if i := bytes.LastIndex(before, []byte("obj")); i >= 0 {
		before = before[i:]
	}
	named, plain := dictionary(before)
	prefix := s.inflate(at, pdfPrefix)
	packed := len(prefix) > 0
	switch {
	case named && plain && !packed: // its bytes are in the file and were looked at
		s.readTree(io.NewSectionReader(s.r, at, min(s.size-at, s.left)))
		return nil
	case named && (!packed || !holdsObjects(prefix)):
		s.broken = unsafeContent(reasonKind, "a PDF whose object streams cannot be looked into")
		return nil
	case !packed || !maybe && (!holdsObjects(prefix) || !printable(prefix)):
		return nil
	}
	all := s.inflate(at, s.left+1)
	if s.left -= int64(len(all)); s.left < 0 {
		return unsafeContent(reasonComplex, "the objects of the PDF unpack to too much")
	}
	return s.objects(all, named)
}

// objects looks at unpacked objects.
func (s *pdfScan) objects(b []byte, named bool) error {
	for i := 0; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '/')
		if n < 0 {
			break
		}
		i += n
		if reason := pdfNames[pdfName(b[i+1:])]; reason != "" && s.found == "" {
			s.found = reason
		}
	}
	if named {
		s.readTree(bytes.NewReader(b))
	}
	return s.ctx.Err()
}

// dictionary tells whether a dictionary names an object stream, and whether it
// names no filter.
func dictionary(b []byte) (objectStream, plain bool) {
	plain = true
	for i := 0; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '/')
		if n < 0 {
			break
		}
		i += n
		switch pdfName(b[i+1:]) {
		case "ObjStm":
			objectStream = true
		case "Filter", "F", "FFilter":
			plain = false
		}
	}
	return objectStream, plain
}

// inflate unpacks at most n bytes from an offset, as far as they are sound:
// readers use what they get. Nothing when they are not packed by Flate.
func (s *pdfScan) inflate(at, n int64) []byte {
	src := io.NewSectionReader(s.r, at, s.size-at)
	var err error
	if s.unpack == nil {
		s.unpack, err = zlib.NewReader(src)
	} else if re, ok := s.unpack.(zlib.Resetter); ok {
		err = re.Reset(src, nil)
	}
	if err != nil {
		s.unpack = nil
		return nil
	}
	var b bytes.Buffer
	_, _ = io.Copy(&b, io.LimitReader(s.unpack, n)) // an error ends what is sound
	return b.Bytes()
}

// holdsObjects tells whether unpacked bytes can begin an object stream: a list
// of numbers, behind white space and remarks.
func holdsObjects(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n\f\x00")
	return len(b) == 0 || b[0] == '%' || b[0] >= '0' && b[0] <= '9' || b[0] == '+' || b[0] == '-'
}

func printable(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// pdfName reads a name behind its slash, with its #xx spellings resolved. Names
// of more than 16 letters are none that is looked for.
func pdfName(b []byte) string {
	var name strings.Builder
	for i := 0; i < len(b) && name.Len() <= 16; i++ {
		c := b[i]
		if c <= ' ' || strings.IndexByte("()<>[]{}/%", c) >= 0 {
			break
		}
		if c == '#' && i+2 < len(b) {
			if hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2]); hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				i += 2
			}
		}
		name.WriteByte(c)
	}
	return name.String()
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
