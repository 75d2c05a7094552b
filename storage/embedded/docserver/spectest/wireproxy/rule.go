package wireproxy

import (
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// kind is what a fail point does to one command.
type kind int

const (
	kindPass        kind = iota
	kindError            // answered with an error, not executed
	kindCloseBefore      // connection cut, not executed
	kindCloseAfter       // executed, connection cut before the answer
	kindConcern          // executed, answered with a write concern error
)

type verdict struct {
	kind    kind
	reply   bson.D
	concern concernError
}

var pass = verdict{kind: kindPass}

// forwards says whether the server gets the command.
func (v verdict) forwards() bool {
	return v.kind == kindPass || v.kind == kindCloseAfter || v.kind == kindConcern
}

// ruleData is the data document of configureFailPoint.
type ruleData struct {
	FailCommands    []string `bson:"failCommands"`
	CloseConnection bool     `bson:"closeConnection"`
	ErrorCode       *int32   `bson:"errorCode"`
	ErrorLabels     []string `bson:"errorLabels"`
	WriteConcern    bson.D   `bson:"writeConcernError"`
	BeforeCommit    *int32   `bson:"failBeforeCommitExceptionCode"`
}

// rule is an active fail point. The proxy's mutex guards it.
type rule struct {
	transactional bool // onPrimaryTransactionalWrite, otherwise failCommand
	data          ruleData
	skip, times   int // times < 0: always
}

// parseRule reads a configureFailPoint command; nil for mode "off". What it does
// not know is refused, so that no test passes because its failure never came.
func parseRule(cmd bson.D) (*rule, error) {
	r := &rule{}
	for _, e := range cmd {
		var err error
		switch e.Key {
		case "configureFailPoint":
			switch e.Value {
			case "failCommand":
			case "onPrimaryTransactionalWrite":
				r.transactional = true
			default:
				err = fmt.Errorf("unknown fail point %v", e.Value)
			}
		case "mode":
			if e.Value == "off" {
				return nil, nil
			}
			err = r.parseMode(e.Value)
		case "data":
			err = r.parseData(e.Value)
		default:
			err = fmt.Errorf("unknown field %q in configureFailPoint", e.Key)
		}
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *rule) parseMode(v any) error {
	r.times = -1
	if v == "alwaysOn" {
		return nil
	}
	var mode struct {
		Times *int `bson:"times"`
		Skip  int  `bson:"skip"`
	}
	if err := recode(v, &mode); err != nil {
		return fmt.Errorf("fail point mode %v: %w", v, err)
	}
	if mode.Times != nil {
		r.times = *mode.Times
	}
	r.skip = mode.Skip
	return nil
}

func (r *rule) parseData(v any) error {
	doc, ok := v.(bson.D)
	if !ok {
		return fmt.Errorf("fail point data is %T, not a document", v)
	}
	known := []string{
		"failCommands", "closeConnection", "errorCode", "errorLabels",
		"writeConcernError", "failBeforeCommitExceptionCode",
	}
	for _, e := range doc {
		if !slices.Contains(known, e.Key) {
			return fmt.Errorf("unknown field %q in the fail point's data", e.Key)
		}
	}
	return recode(doc, &r.data)
}

// apply counts the command and says what happens to it. A replay is a retryable
// write that the server has executed before: it writes nothing, so it does not
// trigger onPrimaryTransactionalWrite.
func (r *rule) apply(c command, replay bool) verdict {
	if r.transactional {
		if c.retryKey() == "" || replay || !r.trigger(c.statements) {
			return pass
		}
		if r.data.BeforeCommit != nil {
			return verdict{kind: kindCloseBefore}
		}
		return verdict{kind: kindCloseAfter}
	}
	if !slices.Contains(r.data.FailCommands, c.name) || !r.trigger(1) {
		return pass
	}
	switch {
	case r.data.CloseConnection:
		return verdict{kind: kindCloseBefore}
	case r.data.ErrorCode != nil:
		code := *r.data.ErrorCode
		return verdict{kind: kindError, reply: errorReply(code, r.labels(code, c, r.data.ErrorLabels))}
	case len(r.data.WriteConcern) > 0:
		return verdict{kind: kindConcern, concern: newConcernError(r.data.WriteConcern, c)}
	}
	return pass
}

// trigger advances the counters by the command's statements. The server commits a
// command as a whole, so one command triggers at most once.
func (r *rule) trigger(statements int) bool {
	if r.skip >= statements {
		r.skip -= statements
		return false
	}
	r.skip = 0
	if r.times == 0 {
		return false
	}
	if r.times > 0 {
		r.times--
	}
	return true
}

// labels returns the labels given, or those a server of version 4.4 and later adds.
func (r *rule) labels(code int32, c command, given []string) []string {
	if given != nil {
		return given
	}
	return serverLabels(code, c)
}

// recode converts a decoded BSON value into a struct.
func recode(v, into any) error {
	b, err := bson.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	if err := bson.Unmarshal(b, into); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}
