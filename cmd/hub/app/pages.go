package app

import (
	"context"
	"io"

	"tongban/hub"
	"tongban/hub/material"
	"tongban/storage/object"
)

// openPages makes what gets files ready for review; it runs while the hub serves.
func (a *App) openPages(context.Context) error {
	cfg := material.Config{
		Jobs: a.DB.Preparations(), Files: pictures{a.Objects}, Renderer: a.Config.Renderer, Workers: a.Config.Preparers,
		Limits: material.Limits{Pages: a.Config.MaxPages}, Child: material.Self(), Logger: a.log,
	}
	var err error
	if a.Config.Clamd != "" {
		if cfg.Scanner, err = material.NewScanner(a.Config.Clamd); err != nil {
			return err
		}
	}
	if a.Pages, err = material.New(cfg); err != nil {
		return err
	}
	a.onClose(a.Pages.Close)
	return nil
}

// pictures is the object store as the preparation of materials needs it.
type pictures struct{ *object.Store }

func (p pictures) Put(ctx context.Context, r io.Reader, size int64, want hub.Digest) error {
	_, err := p.Store.Put(ctx, r, object.PutOptions{Size: size, Want: want})
	return err
}
