package certificate

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf16"
)

// finish rewrites what gopdf gets wrong, in a file that gopdf just wrote:
//
//   - the ToUnicode maps, which name characters above U+FFFF wrongly, so that
//     copying 𠮷 gave another character (ISO 32000-1, 9.10.3: UTF-16BE, at most
//     100 entries in a block);
//   - the trailer, which lacks the ID and has the document information inside
//     it (7.5.5: an indirect reference). The ID is a digest, not chance.
func finish(file []byte) ([]byte, error) {
	objects, trailer, err := splitObjects(file)
	if err != nil {
		return nil, err
	}
	for i, body := range objects {
		if bytes.Contains(body, []byte("/CMapName /Adobe-Identity-UCS")) {
			if objects[i], err = toUnicode(body); err != nil {
				return nil, err
			}
		}
	}
	info := bytes.Index(trailer, []byte("/Info <<"))
	end := bytes.LastIndex(trailer, []byte(">>\n>>"))
	if info < 0 || end < info {
		return nil, errors.New("the trailer has no information")
	}
	objects = append(objects, fmt.Appendf(nil, "<<%s>>\n", trailer[info+len("/Info <<"):end]))

	// The first object is the catalogue; say what language the paper is in.
	if !bytes.HasPrefix(objects[0], []byte("<<\n")) {
		return nil, errors.New("the first object is no catalogue")
	}
	objects[0] = slices.Concat([]byte("<<\n/Lang (zh-CN)\n/ViewerPreferences << /DisplayDocTitle true >>\n"), objects[0][3:])

	out := bytes.NewBuffer(make([]byte, 0, len(file)+1024))
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, body := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(out, "%d 0 obj\n%sendobj\n", i+1, body)
	}
	id := sha256.Sum256(out.Bytes())
	xref := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(out, "trailer\n<<\n/Size %d\n/Root 1 0 R\n/Info %d 0 R\n/ID [<%x> <%x>]\n>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, len(objects), id[:16], id[:16], xref)
	return out.Bytes(), nil
}

var objectStart = regexp.MustCompile(`^(\d+) 0 obj\n`)

// splitObjects cuts a file with one plain cross-reference table into the bodies
// of its objects, in order of their numbers, and its trailer.
func splitObjects(file []byte) (objects [][]byte, trailer []byte, err error) {
	broken := errors.New("not a file as gopdf writes it")
	last := bytes.LastIndex(file, []byte("startxref\n"))
	if last < 0 {
		return nil, nil, broken
	}
	number, _, _ := bytes.Cut(file[last+len("startxref\n"):], []byte("\n"))
	xref, err := strconv.Atoi(string(number))
	if err != nil || xref < 0 || xref > last {
		return nil, nil, broken
	}
	lines := bytes.Split(file[xref:last], []byte("\n"))
	var offsets []int
	for i, l := range lines {
		if bytes.HasPrefix(l, []byte("trailer")) {
			trailer = bytes.Join(lines[i:], []byte("\n"))
			break
		}
		if i < 3 { // "xref", "0 n" and the free entry
			continue
		}
		at, err := strconv.Atoi(string(l[:min(10, len(l))]))
		if err != nil {
			return nil, nil, broken
		}
		offsets = append(offsets, at)
	}
	for i, at := range offsets {
		end := xref
		if i+1 < len(offsets) {
			end = offsets[i+1]
		}
		if at < 0 || at > end || end > xref {
			return nil, nil, broken
		}
		m := objectStart.FindSubmatch(file[at:end])
		stop := bytes.LastIndex(file[at:end], []byte("endobj"))
		if m == nil || string(m[1]) != strconv.Itoa(i+1) || stop < len(m[0]) {
			return nil, nil, broken
		}
		objects = append(objects, file[at+len(m[0]):at+stop])
	}
	if len(objects) == 0 || trailer == nil {
		return nil, nil, broken
	}
	return objects, trailer, nil
}

var mapping = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>\n`)

// toUnicode writes a ToUnicode map anew, in UTF-16 and compressed. Where two
// characters share a glyph, the first one that was printed names it.
func toUnicode(body []byte) ([]byte, error) {
	seen := map[string]bool{}
	var entries []string
	for _, m := range mapping.FindAllSubmatch(body, -1) {
		glyph := string(m[1])
		r, err := strconv.ParseUint(string(m[2]), 16, 32)
		if err != nil || r > 0x10FFFF {
			return nil, fmt.Errorf("the map of glyph %s is wrong", glyph)
		}
		if seen[glyph] {
			continue
		}
		seen[glyph] = true
		units := utf16.AppendRune(nil, rune(r))
		entries = append(entries, fmt.Sprintf("<%s> <%04X>\n", glyph, units[0]))
		if len(units) == 2 {
			entries[len(entries)-1] = fmt.Sprintf("<%s> <%04X%04X>\n", glyph, units[0], units[1])
		}
	}
	slices.Sort(entries)
	var text bytes.Buffer
	text.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(entries, 100) {
		fmt.Fprintf(&text, "%d beginbfchar\n", len(block))
		for _, e := range block {
			text.WriteString(e)
		}
		text.WriteString("endbfchar\n")
	}
	text.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")

	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(text.Bytes()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\n", packed.Len(), packed.Bytes()), nil
}
