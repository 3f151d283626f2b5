package main

import (
	"context"
	"io"
	"sync"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/codes"
)

// loadOnce serves all tests: reading the catalogue is most of a short command.
var loadOnce = sync.OnceValues(func() (*codes.Catalogue, error) { return app.LoadCodes() })

func wholeCatalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// play is run with the catalogue that is there already.
func play(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) app.ExitStatus {
	load := func(own ...codes.RuleFile) (*codes.Catalogue, error) {
		if len(own) > 0 {
			return app.LoadCodes(own...)
		}
		return loadOnce()
	}
	a := app.New(stdin, stdout, stderr, env)
	a.Load = load
	return cmd.Execute(ctx, a, args)
}
