package s3server

import (
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend/meta"
)

// openMeta chooses where object metadata (type, checksum) is kept: in extended
// attributes of the files, or in files beside them where the file system has
// none. A folder that began with the second stays with it.
func openMeta(dir, root string) (store meta.MetadataStorer, sidecar bool, err error) {
	side := filepath.Join(dir, sidecarDir)
	_, err = os.Stat(side)
	if err != nil && hasAttributes(root) {
		return meta.XattrMeta{}, false, nil
	}
	if err := os.MkdirAll(side, 0o700); err != nil {
		return nil, false, err
	}
	sc, err := meta.NewSideCar(side)
	if err != nil {
		return nil, false, err
	}
	return sidecarMeta{root: root, side: sc}, true, nil
}

// hasAttributes tries it out: what a file system says and does may differ.
func hasAttributes(dir string) bool {
	f, err := os.CreateTemp(dir, ".probe-")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	return meta.XattrMeta{}.StoreAttribute(f, "", "", "probe", []byte("1")) == nil
}

// sidecarMeta keeps metadata by bucket name, not by the absolute path that the
// drive uses, so that the data folder can be moved.
type sidecarMeta struct {
	root string
	side meta.SideCar
}

var _ meta.MetadataStorer = sidecarMeta{}

func (m sidecarMeta) name(bucket string) string {
	rel, err := filepath.Rel(m.root, bucket)
	if err != nil {
		return bucket
	}
	return rel
}

// RetrieveAttribute implements [meta.MetadataStorer].
func (m sidecarMeta) RetrieveAttribute(f *os.File, bucket, object, attribute string) ([]byte, error) {
	return m.side.RetrieveAttribute(f, m.name(bucket), object, attribute)
}

// StoreAttribute implements [meta.MetadataStorer].
func (m sidecarMeta) StoreAttribute(f *os.File, bucket, object, attribute string, value []byte) error {
	return m.side.StoreAttribute(f, m.name(bucket), object, attribute, value)
}

// DeleteAttribute implements [meta.MetadataStorer].
func (m sidecarMeta) DeleteAttribute(bucket, object, attribute string) error {
	return m.side.DeleteAttribute(m.name(bucket), object, attribute)
}

// ListAttributes implements [meta.MetadataStorer].
func (m sidecarMeta) ListAttributes(bucket, object string) ([]string, error) {
	return m.side.ListAttributes(m.name(bucket), object)
}

// DeleteAttributes implements [meta.MetadataStorer].
func (m sidecarMeta) DeleteAttributes(bucket, object string) error {
	return m.side.DeleteAttributes(m.name(bucket), object)
}

// RenameObject implements [meta.MetadataStorer].
func (m sidecarMeta) RenameObject(bucket, oldObject, newObject string) error {
	return m.side.RenameObject(m.name(bucket), oldObject, newObject)
}
