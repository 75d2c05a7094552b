// Package seed fills an empty embedded hub, so that a first start can be used
// at once: demo people with random passwords, and the standards of the twelve
// items. It is never used with an outside store.
package seed

import (
	"embed"
	"fmt"

	"tongban/hub"
	"tongban/hub/standard"
)

//go:embed standards/*.yaml
var files embed.FS

// Standards are the standards of the first start: the national base of the
// twelve items, and what four places have otherwise.
func Standards() ([]hub.Standard, error) {
	var all []hub.Standard
	for _, name := range []string{"base", "410425", "440305", "330106", "441900"} {
		b, err := files.ReadFile("standards/" + name + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("built-in standards: %w", err)
		}
		more, err := standard.LoadBytes(b, all...)
		if err != nil {
			return nil, fmt.Errorf("built-in standards of %s: %w", name, err)
		}
		all = append(all, more...)
	}
	return all, nil
}

// Person is somebody of the demo, before he has a password.
type Person struct {
	Login, NameZH, NameEN string
	Agency                hub.AgencyID
	Roles                 []hub.Role
}

// The places of the demo. The registry of Jiaxian has a window of its own.
const (
	Window   hub.AgencyID = "440305.window"
	Registry hub.AgencyID = "410425.registry"
	Nanshan  hub.AgencyID = "440305.registry"
)

// People are the people of the demo: window and registry in Shenzhen Nanshan
// and in Jiaxian, and the three administrators.
func People() []Person {
	return []Person{
		{"nanshan.clerk", "林晓", "Lin Xiao", Window, []hub.Role{hub.Clerk}},
		{"nanshan.lead", "陈立", "Chen Li", Window, []hub.Role{hub.WindowLead, hub.Supervisor}},
		{"jiaxian.first", "王敏", "Wang Min", Registry, []hub.Role{hub.FirstReviewer}},
		{"jiaxian.second", "赵强", "Zhao Qiang", Registry, []hub.Role{hub.SecondReviewer}},
		{"jiaxian.booking", "周兰", "Zhou Lan", Registry, []hub.Role{hub.BookingOfficer}},
		{"jiaxian.lead", "孙静", "Sun Jing", Registry, []hub.Role{hub.WindowLead, hub.Supervisor}},
		{"jiaxian.clerk", "李娟", "Li Juan", Registry, []hub.Role{hub.Clerk}},
		{"nanshan.first", "何俊", "He Jun", Nanshan, []hub.Role{hub.FirstReviewer}},
		{"nanshan.second", "罗琳", "Luo Lin", Nanshan, []hub.Role{hub.SecondReviewer}},
		{"nanshan.booking", "梁燕", "Liang Yan", Nanshan, []hub.Role{hub.BookingOfficer}},
		{"nanshan.supervisor", "谢安", "Xie An", Nanshan, []hub.Role{hub.WindowLead, hub.Supervisor}},
		{"system.admin", "系统管理员", "System administrator", Registry, []hub.Role{hub.SystemAdmin}},
		{"security.admin", "安全管理员", "Security administrator", Registry, []hub.Role{hub.SecurityAdmin}},
		{"audit.admin", "审计管理员", "Audit administrator", Registry, []hub.Role{hub.AuditAdmin}},
	}
}
