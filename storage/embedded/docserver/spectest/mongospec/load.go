package mongospec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
)

// Format is how the files of a folder are written.
type Format int

// The formats of the folders that this package runs.
const (
	Unified Format = iota
	CRUDv1
	LegacyTransactions
	LegacyRetryableWrites
)

// Folder is one folder of test files below the driver's testdata.
type Folder struct {
	Name   string // "crud/v1"
	Format Format
}

// Load reads every case of the folder, in file and then document order. Files of
// sub-folders (crud/v1 has read and write) belong to the folder.
func (f Folder) Load(testdata string) ([]*Case, error) {
	root := filepath.Join(testdata, filepath.FromSlash(f.Name))
	var cases []*Case
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		found, err := f.loadFile(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		cases = append(cases, found...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", f.Name, err)
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("load %s: no test in it", f.Name)
	}
	return cases, nil
}

func (f Folder) loadFile(path string) ([]*Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc bson.D
	if err := bson.UnmarshalExtJSON(text, false, &doc); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	var cases []*Case
	switch f.Format {
	case Unified:
		cases, err = parseUnified(doc)
	case CRUDv1, LegacyRetryableWrites:
		cases, err = parseSingleOperation(doc)
	case LegacyTransactions:
		cases, err = parseTransactions(doc)
	default:
		err = errors.New("unknown format")
	}
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		c.Folder, c.File = f.Name, filepath.Base(path)
	}
	return cases, nil
}

// lookup returns the value at the key, nil when there is none.
func lookup(d bson.D, key string) any {
	v, _ := find(d, key)
	return v
}

func find(d bson.D, key string) (any, bool) {
	for _, e := range d {
		if e.Key == key {
			return e.Value, true
		}
	}
	return nil, false
}

// document returns the document at the key, nil when there is none.
func document(d bson.D, key string) bson.D {
	doc, _ := lookup(d, key).(bson.D)
	return doc
}

func text(d bson.D, key string) string {
	s, _ := lookup(d, key).(string)
	return s
}

// documents returns the documents of the array at the key.
func documents(d bson.D, key string) []bson.D {
	arr, _ := lookup(d, key).(bson.A)
	docs := make([]bson.D, 0, len(arr))
	for _, v := range arr {
		if doc, ok := v.(bson.D); ok {
			docs = append(docs, doc)
		}
	}
	return docs
}

// recode converts a decoded document into a struct.
func recode(d bson.D, into any) error {
	if d == nil {
		d = bson.D{}
	}
	b, err := bson.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	if err := bson.Unmarshal(b, into); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}

func requirements(d bson.D, key string) ([]Requirement, error) {
	docs := documents(d, key)
	list := make([]Requirement, len(docs))
	for i, doc := range docs {
		if err := recode(doc, &list[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return list, nil
}
