package live

import (
	"context"
	"encoding/json"

	"tongban/hub"
	"tongban/video"
)

// passes is what the door asks; *hub.Service is one.
type passes interface {
	UsePass(ctx context.Context, token string) (hub.SessionGrant, error)
}

// Checker turns the passes of a hub into grants of the rooms.
func Checker(p passes) video.Checker {
	return video.CheckerFunc(func(ctx context.Context, token string) (video.Grant, error) {
		g, err := p.UsePass(ctx, token)
		if err != nil {
			return video.Grant{}, err
		}
		info, err := json.Marshal(map[string]string{"role": string(g.Role)}) // names are told by the session, not by the room
		if err != nil {
			return video.Grant{}, err
		}
		out := Grant(g.Room, g.Who, g.May, !g.Inside, info)
		out.Hidden, out.Expires = g.Hidden, g.Until
		return out, nil
	})
}
