package web_test

import (
	"bytes"
	"testing"

	"tongban/web"
)

func TestMainFontIsTrueTypeAndUnpackedOnce(t *testing.T) {
	font, err := web.MainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	if !bytes.HasPrefix(font, []byte{0, 1, 0, 0}) {
		t.Errorf("the font begins with %x", font[:4])
	}
	again, _ := web.MainFont()
	if &font[0] != &again[0] {
		t.Error("the second call unpacked again")
	}
}
