package hub

import "context"

type Question struct {
	Party     int
	Mode      string
	Answers   Form
	Signature Digest
	Text      string
}
type Book struct{ Note string }
type Issue struct{ Note string }

func (Question) kind() Kind { return KindQuestioned }
func (Book) kind() Kind     { return KindBooked }
func (Issue) kind() Kind    { return KindIssued }
func (i Question) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	return nil, nil, E(Internal, "pending")
}
func (i Book) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	return nil, nil, E(Internal, "pending")
}
func (i Issue) decide(context.Context, *Service, *Case, *Command) (Fact, []Outgoing, error) {
	return nil, nil, E(Internal, "pending")
}
