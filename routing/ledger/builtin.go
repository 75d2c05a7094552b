package ledger

import _ "embed" // the compact facts

//go:generate go run ./gen -csv divisions.csv -out divisions.bin

//go:embed divisions.bin
var divisions []byte

// Builtin is the ledger the binary carries: GB/T 2260 from 1981 to the end of
// 2024. Each call decodes it anew (a few milliseconds).
func Builtin() (*Ledger, error) { return Decode(divisions) }
