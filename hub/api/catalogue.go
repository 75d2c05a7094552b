package api

import (
	"embed"
	"encoding/json"
	"fmt"

	"golang.org/x/text/language"

	"tongban/hub"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// languages are those we answer in; the first is for who asks for none of them.
var languages = []string{"zh-CN", "en"}

// catalogue holds the words of problems in one language.
type catalogue struct {
	Codes    map[hub.Code]wording  `json:"codes"`
	Fields   map[string]string     `json:"fields"`   // by the reason of a field error
	Statuses map[hub.Status]string `json:"statuses"` // for a citizen
	Kinds    map[hub.Kind]string   `json:"kinds"`    // for a citizen
}

type wording struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

func loadCatalogues() (map[string]catalogue, error) {
	all := map[string]catalogue{}
	for _, lang := range languages {
		b, err := catalogueFiles.ReadFile("catalogue/" + lang + ".json")
		if err != nil {
			return nil, fmt.Errorf("catalogue: %w", err)
		}
		var c catalogue
		if err := json.Unmarshal(b, &c); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
		all[lang] = c
	}
	return all, nil
}

var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// pickLanguage picks the best of ours for an Accept-Language header.
func pickLanguage(header string) string {
	if len(header) > 200 { // parsing is not linear in hostile input
		return languages[0]
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return languages[0]
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return languages[0]
	}
	return languages[i]
}
