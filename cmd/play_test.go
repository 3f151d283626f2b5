package cmd

import (
	"context"
	"io"
	"sync"
	"testing"

	"todoku/codes"
)

// loadOnce serves all tests: reading the catalogue is most of a short command.
var loadOnce = sync.OnceValues(func() (*codes.Catalogue, error) { return loadCodes() })

func wholeCatalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// play is run with the catalogue that is there already.
func play(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) exitStatus {
	load := func(own ...codes.RuleFile) (*codes.Catalogue, error) {
		if len(own) > 0 {
			return loadCodes(own...)
		}
		return loadOnce()
	}
	a := newApp(stdin, stdout, stderr, env)
	a.load = load
	return execute(ctx, a, args)
}
