package wireproxy

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// Error codes of MongoDB that fail points use and that have a meaning here.
const (
	codeLockTimeout         = 24
	codeWriteConflict       = 112
	codeSnapshotUnavailable = 246
	codeNoSuchTransaction   = 251
	codeInterrupted         = 11601
)

// retryableCodes are the codes that the retryable writes specification lets a
// driver retry.
func retryableCodes() []int32 {
	return []int32{6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436}
}

// serverLabels are the error labels that a server adds to an error of a command.
func serverLabels(code int32, c command) []string {
	var labels []string
	retryable := slices.Contains(retryableCodes(), code)
	if retryable && c.retryable() {
		labels = append(labels, "RetryableWriteError")
	}
	conflict := slices.Contains([]int32{codeLockTimeout, codeWriteConflict, codeSnapshotUnavailable}, code)
	switch {
	case !c.inTxn:
	case code == codeNoSuchTransaction, !c.endsTxn() && (conflict || retryable):
		labels = append(labels, "TransientTransactionError")
	}
	return labels
}

// codeName is the name of a code that tests ask for by name.
func codeName(code int32) string {
	switch code {
	case codeWriteConflict:
		return "WriteConflict"
	case codeNoSuchTransaction:
		return "NoSuchTransaction"
	case codeInterrupted:
		return "Interrupted"
	}
	return ""
}

func errorReply(code int32, labels []string) bson.D {
	reply := bson.D{
		{Key: "ok", Value: 0.0},
		{Key: "errmsg", Value: "failing command by a fail point"},
		{Key: "code", Value: code},
	}
	if name := codeName(code); name != "" {
		reply = append(reply, bson.E{Key: "codeName", Value: name})
	}
	if len(labels) > 0 {
		reply = append(reply, bson.E{Key: "errorLabels", Value: labels})
	}
	return reply
}

// concernError is a write concern error to add to a successful answer.
type concernError struct {
	doc    bson.D
	labels []string
}

// newConcernError takes errorLabels out of the fail point's document: they belong
// to the top level of the answer.
func newConcernError(doc bson.D, c command) concernError {
	var ce concernError
	explicit := false
	var code int32
	for _, e := range doc {
		switch v := e.Value.(type) {
		case bson.A:
			if e.Key == "errorLabels" {
				explicit = true
				for _, l := range v {
					if s, ok := l.(string); ok {
						ce.labels = append(ce.labels, s)
					}
				}
				continue
			}
		case int32:
			if e.Key == "code" {
				code = v
			}
		}
		ce.doc = append(ce.doc, e)
	}
	if !explicit && c.retryable() && slices.Contains(retryableCodes(), code) {
		ce.labels = []string{"RetryableWriteError"}
	}
	return ce
}

func (ce concernError) amend(reply bson.D) bson.D {
	reply = append(reply, bson.E{Key: "writeConcernError", Value: ce.doc})
	if len(ce.labels) > 0 {
		reply = append(reply, bson.E{Key: "errorLabels", Value: ce.labels})
	}
	return reply
}
