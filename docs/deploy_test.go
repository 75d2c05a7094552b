package docs_test

import (
	"io"
	"testing"

	"tongban/cmd/hub/config"
)

// The settings we hand to an office are settings that the hub takes.
func TestExampleSettingsLoad(t *testing.T) {
	if _, err := config.Load("serve", []string{"--config", "../deploy/hub.yaml"}, nil, io.Discard); err != nil {
		t.Error(err)
	}
}
