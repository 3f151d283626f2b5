package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/mailbox"
)

func put(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, name string, o mailbox.Options) mailbox.Box {
	t.Helper()
	b, err := mailbox.Open(t.Context(), name, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// texts reads every item of a mailbox.
func texts(t testing.TB, b mailbox.Box) (out []string, items []mailbox.Item) {
	t.Helper()
	for it, err := range b.Items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		r, err := it.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		out, items = append(out, string(raw)), append(items, it)
	}
	return out, items
}

func ids(items []mailbox.Item) (out []string) {
	for _, it := range items {
		out = append(out, it.ID)
	}
	return out
}

func TestOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"mail.log mail.log.1 mail.log.2.gz", "mail.log.2.gz mail.log.1 mail.log"},
		{"maillog maillog-20260101 maillog-20260108.gz", "maillog-20260101 maillog-20260108.gz maillog"},
		{"a/mail.log b/mail.log.1 a/mail.log.1", "a/mail.log.1 a/mail.log b/mail.log.1"},
		{"z.eml a.eml", "z.eml a.eml"},
		{"mainlog mainlog.10.gz mainlog.9.gz", "mainlog.10.gz mainlog.9.gz mainlog"},
		{"- imap://h/x.1 imap://h/x", "- imap://h/x.1 imap://h/x"},
	} {
		in := strings.Fields(tt.in)
		out, changed := mailbox.Order(in)
		if got := strings.Join(out, " "); got != tt.want || changed != (tt.in != tt.want) {
			t.Errorf("%s: %s (%v)", tt.in, got, changed)
		}
	}
}

// TestDirectory: files by name with numbers by value, logs by time, all below; hidden files and links to directories are
// told and passed over.
func TestDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"mail.log", "mail.log.1", "mail.log.2.gz", "2.eml", "10.eml", "sub/deeper/x.eml", ".hidden"} {
		put(t, filepath.Join(dir, name), name)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "circle")); err != nil {
		t.Skip(err)
	}
	var told []string
	got, items := texts(t, open(t, dir, mailbox.Options{Tell: func(m codes.Message) { told = append(told, m.In(codes.English)) }}))
	want := []string{"2.eml", "10.eml", "mail.log.2.gz", "mail.log.1", "mail.log", "sub/deeper/x.eml"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if len(told) != 1 || !strings.Contains(told[0], "2 names") {
		t.Errorf("%q", told)
	}
	for _, it := range items {
		if it.Mail != strings.HasSuffix(it.Name, ".eml") || time.Since(it.Modified) > time.Hour {
			t.Errorf("%+v", it)
		}
	}
}

func maildir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Maildir")
	put(t, filepath.Join(dir, "new", "1700000300.M1P1.host"), "three")
	put(t, filepath.Join(dir, "cur", "1700000100.M1P1.host:2,S"), "one")
	put(t, filepath.Join(dir, "cur", "1700000400.M1P1.host:2,"), "four")
	put(t, filepath.Join(dir, "new", "1700000200.M1P1.host"), "two")
	put(t, filepath.Join(dir, "tmp", "1700000250.M1P1.host"), "not whole")
	put(t, filepath.Join(dir, ".Junk", "cur", "1700000000.M1P1.host:2,"), "junk")
	return dir
}

// TestMaildir: new and cur in the order of time, tmp and folders never; a mail keeps its id when it goes from new to cur.
func TestMaildir(t *testing.T) {
	t.Parallel()
	dir := maildir(t)
	b := open(t, dir, mailbox.Options{})
	got, before := texts(t, b)
	if want := []string{"one", "two", "three", "four"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	name := "1700000200.M1P1.host"
	if err := os.Rename(filepath.Join(dir, "new", name), filepath.Join(dir, "cur", name+":2,RS")); err != nil {
		t.Fatal(err)
	}
	if r, err := before[1].Open(t.Context()); err != nil {
		t.Errorf("a mail that was seen meanwhile: %v", err)
	} else {
		_ = r.Close()
	}
	_, after := texts(t, b)
	if after[1].ID != before[1].ID || !after[1].Mail {
		t.Errorf("%+v, before %+v", after[1], before[1])
	}
	passed := open(t, dir, mailbox.Options{Passed: func(id string) bool { return id == before[1].ID }})
	if got, _ := texts(t, passed); !slices.Equal(got, []string{"one", "three", "four"}) {
		t.Errorf("%q", got)
	}
}

func TestMaildirMoveAndDelete(t *testing.T) {
	t.Parallel()
	dir := maildir(t)
	b := open(t, dir, mailbox.Options{})
	_, items := texts(t, b)
	if err := b.Move(t.Context(), ids(items[:2]), "Done/Bounces"); err != nil {
		t.Fatal(err)
	}
	if err := b.Move(t.Context(), ids(items[:1]), "Done/Bounces"); err != nil {
		t.Errorf("what is gone already: %v", err)
	}
	if err := b.Delete(t.Context(), ids(items[2:3])); err != nil {
		t.Fatal(err)
	}
	if got, _ := texts(t, b); !slices.Equal(got, []string{"four"}) {
		t.Errorf("%q", got)
	}
	moved, _ := texts(t, open(t, filepath.Join(dir, ".Done.Bounces"), mailbox.Options{}))
	if !slices.Equal(moved, []string{"one", "two"}) {
		t.Errorf("%q", moved)
	}
	if _, err := os.Stat(filepath.Join(dir, ".Done.Bounces", "cur", "1700000100.M1P1.host:2,S")); err != nil {
		t.Errorf("its flags are lost: %v", err)
	}
}

func TestMoveFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "1.eml"), "one")
	put(t, filepath.Join(dir, "done", "2.eml"), "kept")
	put(t, filepath.Join(dir, "2.eml"), "two")
	put(t, filepath.Join(dir, "mail.log"), "log")
	b := open(t, dir, mailbox.Options{})
	_, items := texts(t, b)
	if err := b.Move(t.Context(), ids(items[:1]), "done"); err != nil {
		t.Error(err)
	}
	if err := b.Move(t.Context(), ids(items[1:2]), "done"); err == nil {
		t.Error("a file was replaced")
	}
	for _, it := range items {
		if !it.Mail {
			if err := b.Delete(t.Context(), []string{it.ID}); !errors.Is(err, mailbox.ErrCannot) {
				t.Errorf("a log was deleted: %v", err)
			}
		}
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "done", "1.eml")); string(raw) != "one" {
		t.Errorf("%q, %v", raw, err)
	}
}

// TestChangedFilesStay: what was written to a file after it was read is another mail, which nobody has matched.
func TestChangedFilesStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "1 2 3.eml"), "one")
	b := open(t, dir, mailbox.Options{})
	_, before := texts(t, b)
	put(t, filepath.Join(dir, "1 2 3.eml"), "another mail")
	for what, err := range map[string]error{"delete": b.Delete(t.Context(), ids(before)), "move": b.Move(t.Context(), ids(before), "done")} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	got, now := texts(t, b)
	if !slices.Equal(got, []string{"another mail"}) {
		t.Fatalf("%q", got)
	}
	if err := b.Delete(t.Context(), ids(now)); err != nil {
		t.Error(err)
	}
	if got, _ := texts(t, b); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// TestMovedFilesStay: the folder is read with the directory, and its mails do not go on into a folder of that folder.
func TestMovedFilesStay(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"done", "a/done"} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "1.eml"), "one")
		for range 3 {
			b := open(t, dir, mailbox.Options{})
			_, items := texts(t, b)
			if err := b.Move(t.Context(), ids(items), folder); err != nil {
				t.Fatal(err)
			}
		}
		if raw, err := os.ReadFile(filepath.Join(dir, folder, "1.eml")); string(raw) != "one" {
			t.Errorf("%s: %q, %v", folder, raw, err)
		}
	}
}

// TestUnreadable: what cannot be read is an error of its own, and the rest is given.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	var said *codes.UserError
	_, err := mailbox.Open(t.Context(), filepath.Join(t.TempDir(), "none"), mailbox.Options{})
	if !errors.As(err, &said) || !said.Unable || said.Says.JA == "" {
		t.Errorf("%v", err)
	}
	path := put(t, filepath.Join(t.TempDir(), "gone.eml"), "x")
	b := open(t, path, mailbox.Options{})
	for it, err := range b.Items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(path)
		if _, err := it.Open(t.Context()); !errors.As(err, &said) || said.Place != path {
			t.Errorf("%v", err)
		}
	}
}

// TestItemsEnd: a context that has ended ends the sequence.
func TestItemsEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 5 {
		put(t, filepath.Join(dir, fmt.Sprint(i)), "x")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range open(t, dir, mailbox.Options{}).Items(ctx) {
		n++
		if cancel(); n > 1 && !errors.Is(err, context.Canceled) {
			t.Errorf("%d: %v", n, err)
		}
	}
	if n != 2 {
		t.Errorf("%d items", n)
	}
}

func TestStandardInput(t *testing.T) {
	t.Parallel()
	o := mailbox.Options{OpenFile: func(_ context.Context, name string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("text of " + name)), nil
	}}
	if got, items := texts(t, open(t, "-", o)); len(got) != 1 || got[0] != "text of -" || items[0].Name != "-" {
		t.Errorf("%q %+v", got, items)
	}
}
