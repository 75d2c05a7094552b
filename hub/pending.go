package hub

import "context"

type Book struct{ Note string }

func (Book) kind() Kind { return KindBooked }
func (i Book) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	return nil, nil, E(Internal, "pending")
}
