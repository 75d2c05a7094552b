package wireproxy

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// command is what the fail points need to know about a request.
type command struct {
	name       string
	lsid       string // the session's id document, as bytes
	txnNumber  int64
	numbered   bool // has a txnNumber
	inTxn      bool // has autocommit: false
	statements int  // documents, updates or deletes it carries
}

func newCommand(doc bsoncore.Document, sequenced int) (command, bool) {
	first, err := doc.IndexErr(0)
	if err != nil {
		return command{}, false
	}
	c := command{name: first.Key(), statements: sequenced}
	if id, err := doc.LookupErr("lsid", "id"); err == nil {
		c.lsid = string(id.Data)
	}
	if n, err := doc.LookupErr("txnNumber"); err == nil {
		c.txnNumber, c.numbered = n.AsInt64OK()
	}
	if auto, err := doc.LookupErr("autocommit"); err == nil {
		on, isBool := auto.BooleanOK()
		c.inTxn = isBool && !on
	}
	for _, key := range []string{"documents", "updates", "deletes"} {
		if list, err := doc.LookupErr(key); err == nil {
			if arr, isArray := list.ArrayOK(); isArray {
				vals, _ := bson.Raw(arr).Values()
				c.statements += len(vals)
			}
		}
	}
	c.statements = max(c.statements, 1)
	return c, true
}

func (c command) isHello() bool { return strings.EqualFold(c.name, "ismaster") || c.name == "hello" }

func (c command) endsTxn() bool {
	return c.name == "commitTransaction" || c.name == "abortTransaction"
}

// retryable says whether the driver may send the command a second time.
func (c command) retryable() bool { return c.numbered && (!c.inTxn || c.endsTxn()) }

// retryKey identifies a retryable write; empty for every other command.
func (c command) retryKey() string {
	if !c.numbered || c.inTxn {
		return ""
	}
	return fmt.Sprintf("%x/%d", c.lsid, c.txnNumber)
}
