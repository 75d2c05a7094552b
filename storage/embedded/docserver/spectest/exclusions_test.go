package spectest

import "strings"

// exclusion is a published test that applies to our server and is not passed, and why.
type exclusion struct {
	test   string // folder/file or folder/file/description
	reason string
}

// exclusions is the one table of them. Every entry has to fail in every test it names.
func exclusions() []exclusion {
	const (
		collation  = "a collation other than simple is refused"
		writeStage = "$out and $merge are refused"
		sessions   = "$listLocalSessions is refused"
		views      = "views are refused"
		validator  = "validators, and collMod with them, are refused"
		random     = "$rand is refused: no aggregation here depends on chance"
		secondary  = "needs a secondary; a set of one has none, so the driver finds no server before it checks the option"
		setField   = "$setField is not supported"
		waits      = "transactions are serial: one that only reads waits for the one that holds the writer"
	)
	return []exclusion{
		{"crud/v1/aggregate-collation", collation},
		{"crud/v1/aggregate-out", writeStage},
		{"crud/v1/bulkWrite-collation", collation},
		{"crud/v1/count-collation", collation},
		{"crud/v1/deleteMany-collation", collation},
		{"crud/v1/deleteOne-collation", collation},
		{"crud/v1/distinct-collation", collation},
		{"crud/v1/find-collation", collation},
		{"crud/v1/findOneAndDelete-collation", collation},
		{"crud/v1/findOneAndReplace-collation", collation},
		{"crud/v1/findOneAndUpdate-collation", collation},
		{"crud/v1/replaceOne-collation", collation},
		{"crud/v1/updateMany-collation", collation},
		{"crud/v1/updateOne-collation", collation},

		{"crud/unified/aggregate-let/Aggregate to collection with let option", writeStage},
		{"crud/unified/aggregate-let/Aggregate with let option", random},
		{"crud/unified/aggregate-merge", writeStage},
		{"crud/unified/aggregate-merge-errorResponse", writeStage},
		{"crud/unified/aggregate-out-readConcern/readConcern available with out stage", writeStage},
		{"crud/unified/aggregate-out-readConcern/readConcern local with out stage", writeStage},
		{"crud/unified/aggregate-out-readConcern/readConcern majority with out stage", writeStage},
		{"crud/unified/aggregate-write-readPreference", writeStage},
		{"crud/unified/bulkWrite-updateMany-dots_and_dollars", setField},
		{"crud/unified/bulkWrite-updateOne-dots_and_dollars", setField},
		{"crud/unified/db-aggregate", sessions},
		{"crud/unified/db-aggregate-write-readPreference", sessions},
		{"crud/unified/estimatedDocumentCount/estimatedDocumentCount works correctly on views", views},
		{"crud/unified/findOneAndUpdate-dots_and_dollars", setField},
		{"crud/unified/findOneAndUpdate-errorResponse/findOneAndUpdate document validation errInfo is accessible", validator},
		{"crud/unified/updateMany-dots_and_dollars", setField},
		{"crud/unified/updateOne-dots_and_dollars", setField},

		{"transactions/legacy/isolation/two transactions", waits},
		{"transactions/legacy/read-pref/secondary readPreference", secondary},
		{"transactions/legacy/transaction-options/readPreference inherited from client", secondary},
		{"transactions/legacy/transaction-options/readPreference inherited from defaultTransactionOptions", secondary},
		{"transactions/legacy/transaction-options/startTransaction overrides readPreference", secondary},
	}
}

// exclusionOf returns the entry that names the test, by itself or by its file.
func exclusionOf(id string) *exclusion {
	for _, e := range exclusions() {
		if id == e.test || strings.HasPrefix(id, e.test+"/") {
			return &e
		}
	}
	return nil
}
