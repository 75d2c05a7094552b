package app

import (
	"fmt"
	"os"
	"path/filepath"

	"tongban/hub/clock"
)

// workingDays is the built-in calendar with a newer file laid over it.
func workingDays(file string) (*clock.Calendar, error) {
	if file == "" {
		return clock.Default(), nil
	}
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("read calendar: %w", err)
	}
	defer f.Close()
	newer, err := clock.Load(f)
	if err != nil {
		return nil, err
	}
	return clock.Default().Merge(newer), nil
}
