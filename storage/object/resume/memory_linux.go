package resume

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// newMemory is n bytes outside the heap. The collector lets the heap grow to a
// multiple of what is in use, which for buffers of this size would cost more
// than they do themselves. It is never unmapped.
func newMemory(n int) ([]byte, error) {
	b, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, fmt.Errorf("memory for an upload: %w", err)
	}
	return b, nil
}

// release gives what was written back to the system; the bytes read as zero
// afterwards, so one upload never sees another's.
func release(b []byte) error { return unix.Madvise(b, unix.MADV_DONTNEED) }
