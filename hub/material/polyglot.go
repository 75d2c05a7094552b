package material

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"tongban/hub"
)

const (
	headBytes = 1024
	// slackBytes may follow the end of a file whatever they are, short of the
	// mark of another type: scanners and phones leave notes there.
	slackBytes = 1024
	// paddingBytes may follow the slack if they are nothing but filling.
	paddingBytes = 1 << 20
	zipEnd       = "PK\x05\x06"
	zipEndBytes  = 22
	zipSearch    = zipEndBytes + 1<<16 - 1 // where readers of ZIP look for the end record
)

// webMarks make a browser or a script engine take a file for its own, wherever
// they stand near the front. Compared in lower case.
var webMarks = []string{"<html", "<script", "<!doctype html", "<?php", "<svg", "<iframe", "<%@", "#!/bin/", "#!/usr/"}

// fileMarks are how other types begin. MZ is too short to search for and is
// looked for only right behind the end.
var fileMarks = []string{
	"PK\x03\x04", zipEnd, "%PDF-", "Rar!\x1a\x07", "7z\xbc\xaf\x27\x1c", "\x7fELF", "\xca\xfe\xba\xbe", "\xfd7zXZ\x00",
	"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "GIF89a", "GIF87a", pngMark, "MSCF\x00\x00\x00\x00", "\x00asm\x01", "Cr24\x02", "Cr24\x03",
}

// checkHead refuses a second type in the first kilobyte, which is where
// browsers and readers of PDF look.
func checkHead(head []byte, mediaType string) error {
	if mediaType == "" {
		return nil
	}
	lower := strings.ToLower(string(head))
	for _, m := range webMarks {
		if strings.Contains(lower, m) {
			return unsafeContent(reasonPolyglot, "the file is also a page or a script")
		}
	}
	if mediaType != typePDF && strings.Contains(lower, "%pdf-") {
		return unsafeContent(reasonPolyglot, "the file is also a PDF")
	}
	return nil
}

// checkTail judges what stands behind the end of the content.
func (f *file) checkTail(end int64) error {
	if end >= f.size {
		return nil
	}
	tail := make([]byte, min(f.size-end, slackBytes+8)) // a mark may begin in the slack and end behind it
	if _, err := f.r.ReadAt(tail, end); err != nil && err != io.EOF {
		return err
	}
	lower := strings.ToLower(string(tail))
	for _, m := range webMarks {
		if strings.Contains(lower, m) {
			return unsafeContent(reasonPolyglot, "a page or a script stands behind the end of the file")
		}
	}
	for _, m := range fileMarks {
		if bytes.Contains(tail, []byte(m)) {
			return unsafeContent(reasonPolyglot, "another file stands behind the end of this one")
		}
	}
	if bytes.HasPrefix(bytes.TrimLeft(tail, "\x00\xff \r\n\t"), []byte("MZ")) {
		return unsafeContent(reasonPolyglot, "a program stands behind the end of the file")
	}
	return f.checkPadding(end + slackBytes)
}

// checkPadding wants nothing but filling from an offset on.
func (f *file) checkPadding(from int64) error {
	if from >= f.size {
		return nil
	}
	if f.size-from > paddingBytes {
		return unsafeContent(reasonTrailing, "%d bytes stand behind the end of the file", f.size-from)
	}
	rest := make([]byte, f.size-from)
	if _, err := f.r.ReadAt(rest, from); err != nil && err != io.EOF {
		return err
	}
	if len(bytes.Trim(rest, "\x00\xff \r\n\t")) > 0 {
		return unsafeContent(reasonTrailing, "more than %d bytes stand behind the end of the file", slackBytes)
	}
	return nil
}

// checkZIP refuses a file that is a ZIP as well. Readers of ZIP begin at the
// end, so the archive can hide in front of it: the end record counts when the
// central directory that it names really stands before it.
func (f *file) checkZIP() error {
	n := min(f.size, zipSearch)
	b := make([]byte, n)
	if _, err := f.r.ReadAt(b, f.size-n); err != nil && err != io.EOF {
		return err
	}
	for at := bytes.LastIndex(b, []byte(zipEnd)); at >= 0; at = bytes.LastIndex(b[:at], []byte(zipEnd)) {
		rec := b[at:]
		if len(rec) < zipEndBytes {
			continue
		}
		start := f.size - n + int64(at) - int64(binary.LittleEndian.Uint32(rec[12:]))
		var mark [4]byte
		if start < 0 {
			continue
		}
		if _, err := f.r.ReadAt(mark[:], start); err == nil && string(mark[:]) == "PK\x01\x02" {
			return refuse(hub.UnsafeContent, reasonPolyglot, "the file is also a ZIP archive")
		}
	}
	return nil
}
