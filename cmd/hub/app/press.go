package app

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tongban/cmd/hub/config"
	"tongban/hub"
	"tongban/hub/certificate"
	"tongban/hub/certificate/seal"
	"tongban/hub/press"
	"tongban/storage/object"
	"tongban/web"
)

// openPress makes what prints and seals papers.
func (a *App) openPress(context.Context) error {
	fonts, err := a.fonts()
	if errors.Is(err, fs.ErrNotExist) && a.Config.Font == "" {
		a.log.Warn("no papers can be printed: run `make web` before the build")
		a.Press = unprinted{}
		return nil
	}
	if err != nil {
		return err
	}
	printer, err := certificate.New(fonts)
	if err != nil {
		return fmt.Errorf("fonts of papers: %w", err)
	}
	sealer, err := a.sealer()
	if err != nil {
		return err
	}
	a.onClose(sealer.Close)
	a.Press = press.New(printer, sealer, keeper{a.Objects}, a.publicURL())
	return nil
}

// publicURL is where people reach the hub.
func (a *App) publicURL() string {
	if a.Config.PublicURL != "" {
		return strings.TrimSuffix(a.Config.PublicURL, "/")
	}
	return "http://" + a.Config.Listen
}

func (a *App) fonts() (certificate.Fonts, error) {
	f := certificate.Fonts{}
	var err error
	if f.Main, err = web.MainFont(); err != nil {
		return f, fmt.Errorf("font of papers: %w", err)
	}
	if a.Config.Font != "" {
		if f.Fallback, err = os.ReadFile(filepath.Clean(a.Config.Font)); err != nil {
			return f, fmt.Errorf("fallback font: %w", err)
		}
	}
	return f, nil
}

// sealer signs papers with the operator's seal, or with a test signer that is
// made once and kept in the data folder.
func (a *App) sealer() (*seal.Signer, error) {
	var stamps seal.Stamper
	if a.Config.StampURL != "" {
		var roots *x509.CertPool
		if a.Config.StampRoots != "" {
			b, err := os.ReadFile(filepath.Clean(a.Config.StampRoots))
			if err != nil {
				return nil, fmt.Errorf("roots of time stamps: %w", err)
			}
			if roots = x509.NewCertPool(); !roots.AppendCertsFromPEM(b) {
				return nil, errors.New("roots of time stamps: no certificate in " + a.Config.StampRoots)
			}
		}
		stamps = seal.NewRemote(a.Config.StampURL, roots, stampTimeout)
	}
	test, err := a.testKeys()
	if err != nil {
		return nil, err
	}
	if a.Config.SealFile == "" {
		a.log.Warn("papers get a test seal without legal force; set seal-file")
		return seal.New(test.Config(stamps, time.Now))
	}
	b, err := os.ReadFile(filepath.Clean(a.Config.SealFile))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	key, chain, err := seal.ReadSigner(b)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	c := seal.Config{Key: key, Chain: chain, Stamper: stamps}
	if stamps == nil { // its time is only this machine's, so the paper must say TEST
		c.Stamper, c.Test = test.Authority(time.Now), true
	}
	return seal.New(c)
}

const stampTimeout = 10 * time.Second

// testSealFile holds the test signer, readable by its owner only.
const testSealFile = "test-seal.pem"

func (a *App) testKeys() (*seal.TestKeys, error) {
	path := filepath.Join(a.Config.Data, testSealFile)
	b, err := os.ReadFile(filepath.Clean(path))
	if err == nil {
		return seal.ReadTestKeys(b)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("test seal: %w", err)
	}
	k, err := seal.NewTestKeys("通办", time.Now())
	if err != nil {
		return nil, fmt.Errorf("make test seal: %w", err)
	}
	if b, err = k.PEM(); err != nil {
		return nil, fmt.Errorf("make test seal: %w", err)
	}
	return k, config.WriteSecret(path, b)
}

// unprinted refuses every paper, in a hub that was built without its font.
type unprinted struct{}

func (unprinted) Seal(context.Context, hub.PaperOrder) (hub.SealedPaper, error) {
	return hub.SealedPaper{}, hub.E(hub.Unavailable, "this hub was built without the font of papers")
}

func (unprinted) SealRecord(context.Context, hub.PaperOrder) (hub.SealedPaper, error) {
	return hub.SealedPaper{}, hub.E(hub.Unavailable, "this hub was built without a font for papers")
}

func (unprinted) Print(context.Context, hub.PrintKind, hub.PaperOrder) ([]byte, error) {
	return nil, hub.E(hub.Unavailable, "this hub was built without the font of papers")
}

// keeper puts papers among the materials.
type keeper struct{ store *object.Store }

// Keep implements press.Keeper.
func (k keeper) Keep(ctx context.Context, file []byte) (hub.Digest, error) {
	s, err := k.store.Put(ctx, bytes.NewReader(file), object.PutOptions{Size: int64(len(file)), Want: hub.SHA256(file)})
	return s.Digest, err
}
