// Package fault is the vocabulary of refusals of the document server: an
// error that carries the numeric code and the name that MongoDB's own drivers
// look at.
package fault

import (
	"errors"
	"fmt"
)

// Code is MongoDB's stable error number.
type Code int32

// The codes this server answers with.
const (
	InternalError             Code = 1
	BadValue                  Code = 2
	FailedToParse             Code = 9
	Unauthorized              Code = 13
	TypeMismatch              Code = 14
	Overflow                  Code = 15
	InvalidLength             Code = 16
	AuthenticationFailed      Code = 18
	NamespaceNotFound         Code = 26
	IndexNotFound             Code = 27
	PathNotViable             Code = 28
	ConflictingUpdate         Code = 40
	CursorNotFound            Code = 43
	NamespaceExists           Code = 48
	MaxTimeMSExpired          Code = 50
	DollarPrefixedField       Code = 52
	EmptyFieldName            Code = 56
	CommandNotFound           Code = 59
	ImmutableField            Code = 66
	CannotCreateIndex         Code = 67
	InvalidOptions            Code = 72
	InvalidNamespace          Code = 73
	IndexOptionsConflict      Code = 85
	IndexKeySpecsConflict     Code = 86
	UnsatisfiableWriteConcern Code = 100
	NotImplemented            Code = 115
	WriteConflict             Code = 112
	CannotIndexParallelArrays Code = 171
	QueryPlanKilled           Code = 175
	TransactionTooOld         Code = 225
	TooManyOpenCursors        Code = 226
	NoSuchTransaction         Code = 251
	TransactionCommitted      Code = 256
	ExceededMemoryLimit       Code = 292
	OperationNotSupportedTxn  Code = 263
	BSONObjectTooLarge        Code = 10334
	DuplicateKey              Code = 11000
	InterruptedAtShutdown     Code = 11600
	OutOfDiskSpace            Code = 14031
	KeyTooLong                Code = 17280
	UnknownStage              Code = 40324
	UnknownField              Code = 40415
	UnknownOperator           Code = 168
)

// Name returns the code name that goes beside the number.
func (c Code) Name() string {
	names := map[Code]string{
		InternalError: "InternalError", BadValue: "BadValue", FailedToParse: "FailedToParse",
		Unauthorized: "Unauthorized", TypeMismatch: "TypeMismatch", Overflow: "Overflow", InvalidLength: "InvalidLength",
		AuthenticationFailed: "AuthenticationFailed", NamespaceNotFound: "NamespaceNotFound", IndexNotFound: "IndexNotFound",
		PathNotViable: "PathNotViable", ConflictingUpdate: "ConflictingUpdateOperators", CursorNotFound: "CursorNotFound",
		NamespaceExists: "NamespaceExists", MaxTimeMSExpired: "MaxTimeMSExpired",
		DollarPrefixedField: "DollarPrefixedFieldName", EmptyFieldName: "EmptyFieldName",
		CommandNotFound: "CommandNotFound", ImmutableField: "ImmutableField", CannotCreateIndex: "CannotCreateIndex",
		InvalidOptions: "InvalidOptions", InvalidNamespace: "InvalidNamespace",
		IndexOptionsConflict: "IndexOptionsConflict", IndexKeySpecsConflict: "IndexKeySpecsConflict",
		UnsatisfiableWriteConcern: "UnsatisfiableWriteConcern", NotImplemented: "CommandNotSupported",
		WriteConflict: "WriteConflict", CannotIndexParallelArrays: "CannotIndexParallelArrays",
		QueryPlanKilled: "QueryPlanKilled", TransactionTooOld: "TransactionTooOld",
		TooManyOpenCursors: "CursorInUse", NoSuchTransaction: "NoSuchTransaction",
		TransactionCommitted: "TransactionCommitted", ExceededMemoryLimit: "QueryExceededMemoryLimitNoDiskUseAllowed",
		OperationNotSupportedTxn: "OperationNotSupportedInTransaction", BSONObjectTooLarge: "BSONObjectTooLarge",
		DuplicateKey: "DuplicateKey", InterruptedAtShutdown: "InterruptedAtShutdown",
		OutOfDiskSpace: "OutOfDiskSpace", KeyTooLong: "KeyTooLong", UnknownOperator: "InvalidPipelineOperator",
	}
	if n, ok := names[c]; ok {
		return n
	}
	return fmt.Sprintf("Location%d", int32(c))
}

// Error is a refusal that a client sees.
type Error struct {
	Code    Code
	Message string
	Labels  []string // error labels such as TransientTransactionError
	// KeyPattern and KeyValue are raw documents beside a DuplicateKey.
	KeyPattern, KeyValue []byte
}

// Error gives the message without the code.
func (e *Error) Error() string { return e.Message }

// New makes a refusal.
func New(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Bad makes a BadValue, the refusal of a wrong argument.
func Bad(format string, args ...any) error { return New(BadValue, format, args...) }

// Of returns the refusal in err; any other error becomes an InternalError
// with its text.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: InternalError, Message: err.Error()}
}
