package query

import (
	"github.com/256dpi/lungo/bsonkit"
	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// UpsertBase returns the document that an upsert starts from: the equalities
// of the filter.
func UpsertBase(f *Filter) ([]byte, error) {
	tree := bson.D{}
	if err := upsertFrom(f.Root, &tree); err != nil {
		return nil, err
	}
	raw, err := bson.Marshal(tree)
	if err != nil {
		return nil, fault.Bad("%v", err)
	}
	return raw, nil
}

func upsertFrom(n Node, tree *bson.D) error {
	switch n := n.(type) {
	case *And:
		for _, c := range n.Children {
			if err := upsertFrom(c, tree); err != nil {
				return err
			}
		}
	case *Or:
		if len(n.Children) == 1 {
			return upsertFrom(n.Children[0], tree)
		}
	case *Leaf:
		v := n.Value
		if n.Op == OpIn && n.Exact() && value.Count(v.Data) == 1 {
			v = value.List(v.Data)[0]
		} else if n.Op != OpEq {
			return nil
		}
		if bsonkit.Get(tree, n.Path) != bsonkit.Missing {
			return fault.New(54, "cannot infer query fields to set, path '%s' is matched twice", n.Path)
		}
		x, err := value.Any(v)
		if err != nil {
			return fault.Bad("%v", err)
		}
		if _, err := bsonkit.Put(tree, n.Path, x, false); err != nil {
			return fault.New(fault.PathNotViable, "%v", err)
		}
	}
	return nil
}
