package hub

import (
	"context"
	"fmt"
	"time"
)

// Draft is what somebody has typed and not sent yet. It belongs to one person
// and is no part of any case; nobody else can read it, not by a role either.
type Draft struct {
	ID      string // chosen by the person's browser, unique for him
	Person  PersonID
	Item    ItemCode // for the list of drafts; nothing personal
	Unit    string
	Version int64 // 1, 2, …
	Sealed  []byte
	Saved   time.Time
	Expires time.Time
}

// Drafts keeps drafts until they are dropped or expire.
type Drafts interface {
	// KeepDraft stores version d.Version over the version before it; version 1
	// must be new. StaleVersion when another one is there.
	KeepDraft(ctx context.Context, d Draft) error
	Draft(ctx context.Context, p PersonID, id string) (Draft, error) // NotFound
	// DraftsOf lists a person's drafts without what is in them, the newest first.
	DraftsOf(ctx context.Context, p PersonID, limit int) ([]Draft, error)
	// DropDraft forgets a draft; one that is not there is no error.
	DropDraft(ctx context.Context, p PersonID, id string) error
}

// draftContext binds what is sealed to its draft, so that it cannot be moved.
func draftContext(d Draft) string {
	return fmt.Sprintf("tongban.draft/1\n%s\n%s\n%d", d.Person, d.ID, d.Version)
}

// SealDraft encrypts the content of a draft with the hub's own key.
func (k *Keyring) SealDraft(d Draft, content []byte) ([]byte, error) {
	return k.sealKey(content, draftContext(d))
}

// OpenDraft gives the content of a draft back. Error: Internal, when it was
// sealed with another key or moved.
func (k *Keyring) OpenDraft(d Draft) ([]byte, error) {
	b, err := k.openKey(d.Sealed, draftContext(d))
	if err != nil {
		return nil, Wrap(Internal, err, "the draft does not open")
	}
	return b, nil
}
