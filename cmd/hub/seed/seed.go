// Package seed fills an empty embedded hub, so that a first start can be used
// at once: demo people with random passwords, and the standards of the
// catalogue. It is never used with an outside store.
package seed

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"tongban/hub"
	"tongban/hub/standard"
)

//go:embed standards/*.yaml
var files embed.FS

// Standards are the standards of the first start: the catalogue of national
// items, then what single agencies do otherwise.
func Standards() ([]hub.Standard, error) {
	text, err := Text()
	if err != nil {
		return nil, err
	}
	s, err := standard.LoadBuiltIn(text)
	if err != nil {
		return nil, fmt.Errorf("built-in standards: %w", err)
	}
	return s, nil
}

// Text is the catalogue as written, one document for each standard.
func Text() ([]byte, error) {
	names, err := fs.Glob(files, "standards/*.yaml") // sorted: bases come before variants
	if err != nil {
		return nil, fmt.Errorf("built-in standards: %w", err)
	}
	var all bytes.Buffer
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("built-in standards: %w", err)
		}
		all.WriteString("---\n")
		all.Write(b)
	}
	return all.Bytes(), nil
}

// Person is somebody of the demo, before he has a password.
type Person struct {
	Login, NameZH, NameEN string
	Agency                hub.AgencyID
	Roles                 []hub.Role
}

// The two places of the demo.
const (
	Window   hub.AgencyID = "440305.window"
	Registry hub.AgencyID = "410425.registry"
)

// People are the people of the demo: the window in Shenzhen Nanshan, the
// registry of Jiaxian, and the three administrators.
func People() []Person {
	return []Person{
		{"nanshan.clerk", "林晓", "Lin Xiao", Window, []hub.Role{hub.Clerk}},
		{"nanshan.lead", "陈立", "Chen Li", Window, []hub.Role{hub.WindowLead, hub.Supervisor}},
		{"jiaxian.first", "王敏", "Wang Min", Registry, []hub.Role{hub.FirstReviewer}},
		{"jiaxian.second", "赵强", "Zhao Qiang", Registry, []hub.Role{hub.SecondReviewer}},
		{"jiaxian.lead", "孙静", "Sun Jing", Registry, []hub.Role{hub.WindowLead, hub.Supervisor}},
		{"system.admin", "系统管理员", "System administrator", Registry, []hub.Role{hub.SystemAdmin}},
		{"security.admin", "安全管理员", "Security administrator", Registry, []hub.Role{hub.SecurityAdmin}},
		{"audit.admin", "审计管理员", "Audit administrator", Registry, []hub.Role{hub.AuditAdmin}},
	}
}
