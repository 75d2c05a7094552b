package s3server

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem writes everything that is dirty on the file system of dir.
func syncFileSystem(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(f.Fd())), f.Close())
}
