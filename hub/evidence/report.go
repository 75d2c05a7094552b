package evidence

import (
	"time"

	"tongban/hub"
)

// Report says what was checked. After an error it holds what was good until then.
type Report struct {
	Case      hub.CaseID
	Number    string
	Status    hub.Status
	Custodian hub.AgencyID
	Head      hub.Digest
	Exporter  hub.AgencyID
	At        time.Time // of the export

	Files         int
	Bytes         int64 // of the bundle
	Events        int
	Contributions int
	Materials     int
	MaterialBytes int64
	Booked        bool // the register's booking is here and good
	Results       int  // issued papers
	Sessions      int  // by video
	Segments      int  // of their recordings
	Messages      int
	Receipts      int
	Keys          []KeyReport
	// Anchored is set when every key was among the trusted keys. Otherwise the
	// bundle is shown to be consistent with the keys in it, and whose they are
	// must be asked on another way.
	Anchored bool
}

// KeyReport is one key and how many signatures of it were good.
type KeyReport struct {
	ID         hub.KeyID
	Agency     hub.AgencyID
	Signatures int
	Trusted    bool
}

// Agencies lists whose signatures were checked, without repeats, in the order
// of the keys.
func (r *Report) Agencies() []hub.AgencyID {
	var out []hub.AgencyID
	seen := map[hub.AgencyID]bool{}
	for _, k := range r.Keys {
		if !seen[k.Agency] {
			seen[k.Agency] = true
			out = append(out, k.Agency)
		}
	}
	return out
}
