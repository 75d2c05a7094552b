package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/demo"
)

// Each of the twelve stories over HTTP against a real hub, from the window to
// its result or to the end that is named, and its evidence verified.
func TestTheStoryOfEveryItem(t *testing.T) {
	ends := map[string]string{ // all others: the case is closed
		"package.mortgaged_transfer": `ends before the step "decide"`,
		"utilities":                  `ends before the step "decide"`,
	}
	for _, item := range demo.Items() {
		t.Run(item, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "case.zip")
			out, err := runHub(t, "demo", "--item", item, "--bundle", file)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			end, stops := ends[item]
			if !stops {
				end = "the case is closed"
			}
			for _, want := range []string{"takes custody", "every gap at once", "answers from the window", "both places read the same clocks", end, "VERIFIES"} {
				if !strings.Contains(out, want) {
					t.Errorf("the story does not say %q:\n%s", want, out)
				}
			}
			if stops && strings.Contains(out, "the case is closed") {
				t.Errorf("the story goes on after its end:\n%s", out)
			}
			if out, err := runHub(t, "verify", file); err != nil || !strings.Contains(out, "VERIFIES") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// Nobody can let days pass on a hub that is not his.
func TestAPublicNoticeEndsTheStoryOnAnotherHub(t *testing.T) {
	data := t.TempDir()
	hub := startHub(t, "-data", data, "-listen", "127.0.0.1:0")
	out, err := runHub(t, "demo", "--url", hub.url, "--accounts", filepath.Join(data, app.SignInsFile), "--item", "transfer.inherit")
	if err != nil || !strings.Contains(out, "the story ends here: the public notice runs until") || !strings.Contains(out, "VERIFIES") {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.Contains(out, "approved") {
		t.Errorf("decided before the notice has run:\n%s", out)
	}
}

func TestTheListNamesTheTwelveItemsInBothLanguages(t *testing.T) {
	for lang, words := range map[string][]string{
		"en": {"Transfer by inheritance", "继承", "ends before the step \"decide\"", "closes with the two advance notices"},
		"zh": {"继承、受遗赠转移登记", "Transfer of utilities", "止于“核准”之前", "以两项预告登记办结"},
	} {
		out, err := runHub(t, "demo", "--list", "--lang", lang)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, want := range append(words, demo.Items()...) {
			if !strings.Contains(out, want) {
				t.Errorf("%s: the list does not say %q:\n%s", lang, want, out)
			}
		}
	}
	if n := len(demo.Items()); n != 12 {
		t.Errorf("%d stories", n)
	}
}

func TestAnItemWithoutAStoryIsRefusedByCode(t *testing.T) {
	out, err := runHub(t, "demo", "--item", "transfer.moon")
	if exitCode(err) != 1 || !strings.Contains(out, "unknown_item") || !strings.Contains(out, "hub demo --list") || strings.Contains(out, "runs on") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := runHub(t, "demo", "--lang", "tlh"); exitCode(err) != 2 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheStoryIsToldInChinese(t *testing.T) {
	out, err := runHub(t, "demo", "--item", "mortgage.cancel", "--lang", "zh")
	if err != nil || !strings.Contains(out, "分别询问") || !strings.Contains(out, "案件办结") || strings.Contains(out, "custody to") {
		t.Errorf("%v\n%s", err, out)
	}
}
