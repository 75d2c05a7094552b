package app

import (
	"context"

	"tongban/hub"
)

type press struct{}

func (a *App) press() hub.Press { return press{} }

func (press) Seal(context.Context, hub.PaperOrder) (hub.SealedPaper, error) {
	return hub.SealedPaper{}, hub.E(hub.Unavailable, "pending")
}
func (press) Print(context.Context, hub.PrintKind, hub.PaperOrder) ([]byte, error) {
	return nil, hub.E(hub.Unavailable, "pending")
}
