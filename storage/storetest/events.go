package storetest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"tongban/hub"
)

// writtenEvent is an event as the chain writes it (docs/chain.md). It is said
// here again, because only the case service can make real ones.
type writtenEvent struct {
	V            string           `json:"v"`
	Case         hub.CaseID       `json:"case"`
	Seq          int64            `json:"seq"`
	Prev         hub.Digest       `json:"prev"`
	At           string           `json:"at"`
	Kind         hub.Kind         `json:"kind"`
	Agency       hub.AgencyID     `json:"agency"`
	Key          hub.KeyID        `json:"key"`
	Hash         string           `json:"hash"`
	Sign         string           `json:"sign"`
	Seal         string           `json:"seal"`
	Actor        writtenSignatory `json:"actor"`
	Command      writtenCommand   `json:"command"`
	Data         json.RawMessage  `json:"data"`
	Sealed       []byte           `json:"sealed,omitempty"`
	Contribution *writtenContrib  `json:"contribution,omitempty"`
	Outbox       []writtenParcel  `json:"outbox,omitempty"`
}

type writtenSignatory struct {
	Person hub.PersonID `json:"person"`
	Agency hub.AgencyID `json:"agency"`
	Role   hub.Role     `json:"role"`
}

type writtenCommand struct {
	ID     hub.CommandID `json:"id"`
	Digest string        `json:"digest"`
}

type writtenContrib struct {
	Agency hub.AgencyID `json:"agency"`
	Key    hub.KeyID    `json:"key"`
	Sign   string       `json:"sign"`
	Sig    []byte       `json:"sig"`
}

type writtenParcel struct {
	ID   string       `json:"id"`
	Kind string       `json:"kind"`
	To   hub.AgencyID `json:"to"`
}

// Event makes an event with every field set, of the size of a real one. Its
// hash is right, its signature is not: a store does not check either.
func Event(t testing.TB, id hub.CaseID, seq int64, cmd hub.CommandID) hub.Event {
	t.Helper()
	w := writtenEvent{
		V: hub.EventFormat, Case: id, Seq: seq, At: day.Add(time.Duration(seq) * time.Second).Format(hub.TimeFormat),
		Kind: hub.KindMaterialAdded, Agency: "440305.window", Key: "ed25519:00", Hash: "sha256", Sign: "ed25519", Seal: "aes-256-gcm",
		Actor:   writtenSignatory{"p1", "410425.registry", hub.Clerk},
		Command: writtenCommand{cmd, "hmac-sha256:" + fmt.Sprintf("%064x", seq)},
		Data: json.RawMessage(fmt.Sprintf(`{"material":"m%d","slot":"contract","file":{"digest":"sha256:%064x",`+
			`"size":524288,"type":"application/pdf"},"seen_original":true}`, seq, seq)),
		Sealed:       make([]byte, 300),
		Contribution: &writtenContrib{"410425.registry", "ed25519:01", "ed25519", make([]byte, 64)},
		Outbox:       []writtenParcel{{string(id) + string(cmd), "offer", "410425.registry"}},
	}
	if seq > 1 {
		w.Prev = hub.Digest(fmt.Sprintf("sha256:%064x", seq-1))
	}
	raw, err := hub.Marshal(w)
	ok(t, err)
	e, err := hub.ParseEvent(raw)
	ok(t, err)
	e.Hash, e.Sig = hub.SHA256(raw), []byte(fmt.Sprintf("signature %d of %s", seq, id))
	return e
}

// caseNo is a case id that a test can say again.
func caseNo(n int) hub.CaseID {
	return hub.NewCaseID(hub.NewClaimKey("p1", hub.CommandID(fmt.Sprint("case ", n))), day.Add(time.Duration(n)*time.Second))
}
