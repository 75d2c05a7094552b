package main

import (
	"os"
	"strings"
	"testing"

	"tongban/routing/ledger"
)

func TestTheEmbeddedLedgerIsMadeFromTheFacts(t *testing.T) {
	f, err := os.Open("../divisions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	packed, err := pack(f)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ledger.Decode(packed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ledger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	// Not by bytes: releases of Go may pack differently.
	if got.Digest() != want.Digest() {
		t.Error("divisions.bin is stale: run go generate ./routing/ledger")
	}
}

func TestBadFactsAreRefused(t *testing.T) {
	const head = "code,name,level,province,prefecture,from,until,successors\n"
	for name, text := range map[string]string{
		"other columns": "code,name\n",
		"bad code":      head + "1101,a,county,b,,1981,,\n",
		"wrong level":   head + "110101,a,prefecture,b,,1981,,\n",
		"bad year":      head + "110101,a,county,b,,198,,\n",
		"bad end":       head + "110101,a,county,b,,1981,next,\n",
		"bad successor": head + "110101,a,county,b,,1981,1990,110102\n",
		"to nowhere":    head + "110101,a,county,b,,1981,1990,110102@1990\n",
		"short row":     head + "110101,a\n",
	} {
		if _, err := pack(strings.NewReader(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
