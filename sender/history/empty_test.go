package history_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"todoku/sender/history"
)

// TestEmpty: the history of no file answers every question as one without a
// sending does.
func TestEmpty(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	empty, err := history.OpenToRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking made a file: %v", err)
	}
	fresh, err := history.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	for name, ask := range questions() {
		want, wantErr := ask(t.Context(), fresh)
		got, err := ask(t.Context(), empty)
		if !errors.Is(err, wantErr) && !errors.Is(wantErr, err) || !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
			t.Errorf("%s: %v, %v; of a history without a sending: %v, %v", name, got, err, want, wantErr)
		}
	}
	nobody := func(func(history.Sending) bool) {}
	_, enlist := empty.Enlist(t.Context(), history.List{}, nil, nobody)
	for _, err := range []error{enlist, empty.Begin(t.Context(), history.Sending{}), empty.Progress(t.Context(), "x", history.Step{}),
		empty.Finish(t.Context(), "x", history.Outcome{}), empty.Revalidate(t.Context(), "a@b.test", "")} {
		if !errors.Is(err, history.ErrEmpty) {
			t.Errorf("writing to what is not there: %v", err)
		}
	}
	if err := empty.Close(); err != nil {
		t.Error(err)
	}
}

// questions are those of a Store that change nothing where there is nothing.
func questions() map[string]func(context.Context, history.Store) (any, error) {
	return map[string]func(context.Context, history.Store) (any, error){
		"Get":     func(ctx context.Context, s history.Store) (any, error) { return s.Get(ctx, "x") },
		"Content": func(ctx context.Context, s history.Store) (any, error) { return s.Content(ctx, "x") },
		"Last":    func(ctx context.Context, s history.Store) (any, error) { return s.Last(ctx) },
		"Take":    func(ctx context.Context, s history.Store) (any, error) { return s.Take(ctx, "x") },
		"Bounced": func(ctx context.Context, s history.Store) (any, error) {
			return nil, s.Bounced(ctx, "x", history.Bounce{})
		},
		"Release":  func(ctx context.Context, s history.Store) (any, error) { return nil, s.Release(ctx, "x") },
		"FindList": func(ctx context.Context, s history.Store) (any, error) { return s.FindList(ctx, history.List{ID: "x"}) },
		"Resume":   func(ctx context.Context, s history.Store) (any, error) { return s.Resume(ctx, "x", false) },
		"Stands":   func(ctx context.Context, s history.Store) (any, error) { return s.Stands(ctx, "x") },
		"Flag":     func(ctx context.Context, s history.Store) (any, error) { return s.Flag(ctx, "a@b.test") },
		"Overlap": func(ctx context.Context, s history.Store) (any, error) {
			return s.Overlap(ctx, history.List{}, slices.Values([]string{"a@b.test"}))
		},
		"Claim": func(ctx context.Context, s history.Store) (any, error) {
			_, due, err := s.Claim(ctx, time.Unix(0, 0))
			return due, err
		},
		"List":       func(ctx context.Context, s history.Store) (any, error) { return yielded(s.List(ctx, history.Filter{})) },
		"Queued":     func(ctx context.Context, s history.Store) (any, error) { return yielded(s.Queued(ctx, "x")) },
		"Unfinished": func(ctx context.Context, s history.Store) (any, error) { return yielded(s.Unfinished(ctx)) },
		"EventsOf":   func(ctx context.Context, s history.Store) (any, error) { return yielded(s.Events().Of(ctx, "x")) },
		"Waiting":    func(ctx context.Context, s history.Store) (any, error) { return yielded(s.Events().Waiting(ctx)) },
		"Unmatched": func(ctx context.Context, s history.Store) (any, error) {
			return yielded(s.Events().Unmatched(ctx, time.Time{}, 0))
		},
		"Count":   func(ctx context.Context, s history.Store) (any, error) { return s.Events().CountUnmatched(ctx) },
		"Mark":    func(ctx context.Context, s history.Store) (any, error) { return s.Events().Mark(ctx, "x") },
		"WasRead": func(ctx context.Context, s history.Store) (any, error) { return s.Events().WasRead(ctx, "x", "y") },
		"Pending": func(ctx context.Context, s history.Store) (any, error) { return s.Events().Pending(ctx, "x", 9) },
		"Cleared": func(ctx context.Context, s history.Store) (any, error) {
			return nil, s.Events().Cleared(ctx, "x", []string{"y"})
		},
		"Invalid": func(ctx context.Context, s history.Store) (any, error) { return yielded(s.Invalid(ctx)) },
	}
}

// yielded collects what a stream yields.
func yielded[T any](rows iter.Seq2[T, error]) (out []T, err error) {
	for row, err := range rows {
		if err != nil {
			return out, err
		}
		out = append(out, row)
	}
	return out, nil
}
