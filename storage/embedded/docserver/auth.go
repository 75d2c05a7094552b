package docserver

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/xdg-go/scram"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

const (
	mechanism       = "SCRAM-SHA-256"
	scramIterations = 15_000
	maxAuthFailures = 3 // then the connection gets no further try
)

// authenticator checks the one account. Only salted keys are kept.
type authenticator struct {
	scram *scram.Server
	user  string
}

func newAuthenticator(user, password string) (*authenticator, error) {
	client, err := scram.SHA256.NewClient(user, password, "")
	if err != nil {
		return nil, fmt.Errorf("docserver: prepare password: %w", err)
	}
	salt := make([]byte, 28)
	_, _ = rand.Read(salt) // never fails
	stored := client.GetStoredCredentials(scram.KeyFactors{Salt: string(salt), Iters: scramIterations})
	server, err := scram.SHA256.NewServer(func(name string) (scram.StoredCredentials, error) {
		if name != user {
			return scram.StoredCredentials{}, errors.New("unknown user")
		}
		return stored, nil
	})
	if err != nil {
		return nil, fmt.Errorf("docserver: prepare authentication: %w", err)
	}
	return &authenticator{scram: server, user: user}, nil
}

// conversation is the state of authentication on one connection.
type conversation struct {
	step     *scram.ServerConversation
	skipLast bool // the client wants no empty last exchange
	ok       bool
	failures int
}

var errAuth = fault.New(fault.AuthenticationFailed, "Authentication failed.")

// start begins a conversation with the document of saslStart.
func (v *conversation) start(a *authenticator, body []byte) ([]byte, error) {
	if a == nil {
		return nil, fault.New(fault.AuthenticationFailed, "this server runs without authentication")
	}
	if m, _ := value.Text(value.Lookup(body, "mechanism")); m != mechanism {
		return nil, fault.New(fault.AuthenticationFailed, "only %s is supported", mechanism)
	}
	options, _ := value.Doc(value.Lookup(body, "options"))
	v.skipLast = value.Truthy(value.Lookup(options, "skipEmptyExchange"))
	v.step, v.ok = a.scram.NewConversation(), false
	return v.advance(body)
}

// advance takes the client's payload one step further.
func (v *conversation) advance(body []byte) ([]byte, error) {
	if v.step == nil || v.failures >= maxAuthFailures {
		return nil, errAuth
	}
	p := value.Lookup(body, "payload")
	if p.Type != bson.TypeBinary {
		return nil, v.fail()
	}
	_, payload, _, _ := bsoncore.ReadBinary(p.Data)
	if v.step.Done() { // the empty last exchange
		if len(payload) != 0 {
			return nil, v.fail()
		}
		v.ok, v.step = true, nil
		return v.reply("", true), nil
	}
	answer, err := v.step.Step(string(payload))
	if err != nil {
		return nil, v.fail()
	}
	done := v.step.Done()
	if done && !v.step.Valid() {
		return nil, v.fail()
	}
	if done && v.skipLast {
		v.ok, v.step = true, nil
	}
	return v.reply(answer, done && v.skipLast), nil
}

func (v *conversation) fail() error {
	v.step = nil
	v.failures++
	return errAuth
}

func (v *conversation) reply(payload string, done bool) []byte {
	bin := bsoncore.AppendBinary(nil, 0, []byte(payload))
	return value.NewBuilder().
		Add("conversationId", value.Int32(1)).
		Add("done", value.Bool(done)).
		Add("payload", value.V{Type: bson.TypeBinary, Data: bin}).
		Add("ok", value.Double(1)).Bytes()
}
