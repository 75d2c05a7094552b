package object

import (
	"crypto/rand"
	"encoding/hex"
	"strings"

	"tongban/hub"
)

// tempPrefix holds uploads whose digest is not known yet.
const tempPrefix = "tmp/"

// key places a file at sha256/ab/cd/<hex>: two levels keep every folder of a
// file-backed server small at a hundred million files.
func key(d hub.Digest) (string, error) {
	d, err := hub.ParseSHA256(string(d))
	if err != nil {
		return "", err
	}
	h := d.Hex()
	return "sha256/" + h[:2] + "/" + h[2:4] + "/" + h, nil
}

func tempKey() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return tempPrefix + hex.EncodeToString(b[:])
}

func temporary(k string) bool { return strings.HasPrefix(k, tempPrefix) }
