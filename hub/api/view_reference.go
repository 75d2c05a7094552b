package api

import "tongban/hub"

type agencyView struct {
	ID       hub.AgencyID `json:"id"`
	NameZH   string       `json:"name_zh"`
	NameEN   string       `json:"name_en"`
	Division string       `json:"division"`
	Register bool         `json:"register" doc:"its register is kept in this hub"`
	PlaceZH  string       `json:"place_zh,omitempty" doc:"as certificates name the registry"`
	Timezone string       `json:"timezone"`
	Kind     string       `json:"kind"`
}

func agencyViewOf(a hub.Agency) agencyView { return agencyView(a) }

// itemView is a kind of service, named as its national base or any agency names it.
type itemView struct {
	Item   hub.ItemCode `json:"item"`
	NameZH string       `json:"name_zh"`
	NameEN string       `json:"name_en"`
}

// routeView is a routing decision with every reason.
type routeView struct {
	Agency  hub.AgencyID `json:"agency"`
	NameZH  string       `json:"name_zh,omitempty"`
	NameEN  string       `json:"name_en,omitempty"`
	Place   string       `json:"place" doc:"the division in force on the day"`
	Reasons []reasonView `json:"reasons" nullable:"false"`
	Rules   hub.Digest   `json:"rules"`
}
