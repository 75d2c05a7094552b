package material

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"tongban/hub"
)

// The types of content that a case takes.
const (
	typePDF  = "application/pdf"
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
	typeTIFF = "image/tiff"
)

// The reasons beside the codes. They stand in the one field error of a refusal.
const (
	reasonEmpty      = "empty"          // no bytes at all
	reasonName       = "name_differs"   // the name says another type than the content
	reasonKind       = "kind"           // a kind of this type that is not read, as BigTIFF
	reasonTruncated  = "truncated"      // the end is missing
	reasonDamaged    = "damaged"        // breaks the rules of its type
	reasonPolyglot   = "polyglot"       // also a file of another type
	reasonTrailing   = "trailing_data"  // more than a little behind the end
	reasonPixels     = "pixel_bomb"     // more pixels than the limit
	reasonComplex    = "too_complex"    // unpacks to more, or nests deeper, than the limit
	reasonPageSize   = "page_size"      // a page larger than PDF allows
	reasonScript     = "script"         // JavaScript
	reasonLaunch     = "launch"         // starts programs
	reasonAttachment = "embedded_files" // carries other files
	reasonMedia      = "media"          // films, sounds, 3D
	reasonXFA        = "dynamic_form"   // looks different from reader to reader
	reasonSends      = "sends_data"     // sends or imports data when clicked
	reasonPages      = "pages"          // too many pages
	reasonEncrypted  = "password"       // needs a password, or is locked by one
	reasonUndrawable = "not_drawable"   // no page of it could be drawn
	contentPointer   = "/content"
)

// refuse makes a refusal: a code, its stable reason and words for the log.
func refuse(code hub.Code, reason, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &hub.Error{
		Code: code, Message: text, Fields: []hub.FieldError{{Pointer: contentPointer, Code: reason, Message: text}},
	}
}

func unsafeContent(reason, format string, args ...any) error {
	return refuse(hub.UnsafeContent, reason, format, args...)
}

// Inspect tells what a file is from its content and refuses what is not
// accepted. It decodes no picture and runs nothing: it costs one pass over the
// bytes and, for a PDF, the unpacking of its object streams up to a limit. name
// is what the user called the file; only its ending is looked at.
//
// Errors: WrongType, UnsafeContent, TooManyPages, Encrypted, each with one
// field error that has the reason; the reader's own.
func Inspect(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) (hub.Inspection, error) {
	lim = lim.withDefaults()
	if size <= 0 {
		return hub.Inspection{}, refuse(hub.WrongType, reasonEmpty, "the file is empty")
	}
	head := make([]byte, min(size, headBytes))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return hub.Inspection{}, fmt.Errorf("read the head of a file: %w", err)
	}
	is := hub.Inspection{Type: sniff(head)}
	if err := checkName(name, is.Type); err != nil {
		return is, err
	}
	if err := checkHead(head, is.Type); err != nil {
		return is, err
	}
	f := &file{ctx: ctx, r: r, size: size, lim: lim}
	var err error
	switch is.Type {
	case typePDF:
		err = f.pdf(&is)
	case typeJPEG:
		err = f.jpeg(&is)
	case typePNG:
		err = f.png(&is)
	case typeTIFF:
		err = f.tiff(&is)
	default:
		return is, refuse(hub.WrongType, reasonKind, "the content is no PDF, JPEG, PNG or TIFF")
	}
	if err == nil {
		err = f.checkZIP()
	}
	return is, f.ended(err)
}

// file is one file being inspected.
type file struct {
	ctx  context.Context //nolint:containedctx // lives for one call
	r    io.ReaderAt
	size int64
	lim  Limits
}

// ended names what an early end of the file is.
func (f *file) ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return unsafeContent(reasonTruncated, "the file ends before its content does")
	}
	return err
}

// sniff tells a type from the first bytes; "" for none that is accepted. A
// PDF has to begin with its mark: readers that search for it are what
// two-in-one files live on.
func sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")), bytes.HasPrefix(head, []byte("\xef\xbb\xbf%PDF-")):
		return typePDF
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return typeJPEG
	case bytes.HasPrefix(head, []byte(pngMark)):
		return typePNG
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return typeTIFF
	}
	return ""
}

func checkName(name, mediaType string) error {
	if hub.NameDiffers(name, mediaType) {
		return refuse(hub.WrongType, reasonName, "the name is that of another type than %s", mediaType)
	}
	return nil
}

// checkPixels refuses a picture before anybody decodes it. bytesPerPixel is
// what decoding takes at its worst.
func (f *file) checkPixels(width, height, bytesPerPixel int64) error {
	if width <= 0 || height <= 0 {
		return unsafeContent(reasonDamaged, "an image of %d by %d pixels", width, height)
	}
	if width > f.lim.Pixels/height || width*height > f.lim.DecodedBytes/bytesPerPixel {
		return unsafeContent(reasonPixels, "an image of %d by %d pixels is too large", width, height)
	}
	return nil
}
