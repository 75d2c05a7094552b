package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	documentsSecret = "documents.secret"
	objectsSecret   = "objects.secret"
)

// login is what a client of one server has to know.
type login struct{ user, secret string }

// secrets are made at the first start and never leave the data folder.
type secrets struct{ documents, objects login }

func loadSecrets(dir string) (secrets, error) {
	docs, err := loadLogin(filepath.Join(dir, documentsSecret))
	if err != nil {
		return secrets{}, err
	}
	objects, err := loadLogin(filepath.Join(dir, objectsSecret))
	return secrets{documents: docs, objects: objects}, err
}

// loadLogin reads "user:secret", or makes a new one that is on the disk before
// it is used.
func loadLogin(path string) (login, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		l := login{user: "hub" + strings.ToLower(rand.Text()[:13]), secret: rand.Text() + rand.Text()}
		return l, writeSecret(path, l.user+":"+l.secret+"\n")
	}
	if err != nil {
		return login{}, err
	}
	user, secret, ok := strings.Cut(strings.TrimSpace(string(b)), ":")
	if !ok || user == "" || secret == "" {
		return login{}, fmt.Errorf("%s is damaged: it must hold user:secret", path)
	}
	return login{user, secret}, nil
}

// writeSecret is atomic: a crash leaves the whole file or none.
func writeSecret(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
