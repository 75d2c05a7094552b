package value

import "go.mongodb.org/mongo-driver/bson/bsontype"

// TypeName returns MongoDB's alias of a BSON type, "missing" for an absent
// value, or "" for what is no type.
func TypeName(t bsontype.Type) string {
	switch t {
	case 0:
		return "missing"
	case bsontype.Double:
		return "double"
	case bsontype.String:
		return "string"
	case bsontype.EmbeddedDocument:
		return "object"
	case bsontype.Array:
		return "array"
	case bsontype.Binary:
		return "binData"
	case bsontype.Undefined:
		return "undefined"
	case bsontype.ObjectID:
		return "objectId"
	case bsontype.Boolean:
		return "bool"
	case bsontype.DateTime:
		return "date"
	case bsontype.Null:
		return "null"
	case bsontype.Regex:
		return "regex"
	case bsontype.DBPointer:
		return "dbPointer"
	case bsontype.JavaScript:
		return "javascript"
	case bsontype.Symbol:
		return "symbol"
	case bsontype.CodeWithScope:
		return "javascriptWithScope"
	case bsontype.Int32:
		return "int"
	case bsontype.Timestamp:
		return "timestamp"
	case bsontype.Int64:
		return "long"
	case bsontype.Decimal128:
		return "decimal"
	case bsontype.MinKey:
		return "minKey"
	case bsontype.MaxKey:
		return "maxKey"
	}
	return ""
}

// TypesNamed returns the BSON types behind an alias, or nil.
func TypesNamed(alias string) []bsontype.Type {
	if alias == "number" {
		return []bsontype.Type{bsontype.Int32, bsontype.Int64, bsontype.Double, bsontype.Decimal128}
	}
	for t := range 256 {
		if t != 0 && TypeName(bsontype.Type(t)) == alias {
			return []bsontype.Type{bsontype.Type(t)}
		}
	}
	return nil
}
