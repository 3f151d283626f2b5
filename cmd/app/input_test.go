package app_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"todoku/cmd/app"
)

// TestFileEndsWithTheContext reads a file of which more is there when the context ends.
func TestFileEndsWithTheContext(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(name, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	a := app.New(strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	in, err := a.Open(ctx, name, app.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if n, err := in.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Fatalf("%d %v before the end", n, err)
	}
	end(app.ErrInterrupted)
	if n, err := io.Copy(io.Discard, in); !errors.Is(err, app.ErrInterrupted) || n >= 1<<20-1 {
		t.Errorf("%d octets, %v after the end of the context", n, err)
	}
	if _, err := a.Open(ctx, name, app.Want{}); !errors.Is(err, app.ErrInterrupted) {
		t.Errorf("opened again: %v", err)
	}
}

// TestSmallFileTakesSmallBuffer measures the memory that the reading of a small file takes.
func TestSmallFileTakesSmallBuffer(t *testing.T) {
	name := filepath.Join(t.TempDir(), "small")
	if err := os.WriteFile(name, []byte("a report\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := app.New(strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	const files = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range files {
		in, err := a.Open(context.Background(), name, app.Want{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.ReadFull(in, make([]byte, 9)); n != 9 || err != nil {
			t.Fatal(n, err)
		}
		in.Close()
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / files; got > 8<<10 {
		t.Errorf("%d octets for a file of 9", got)
	}
}
