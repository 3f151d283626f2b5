package mailbox

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestManyNames: a directory with more names than are held at once is read whole and in order.
func TestManyNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const all = 47
	for i := range all {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, most := range []int{1, 10, 46, 47, 48} {
		n := 0
		for name, err := range names(dir, most, compareNames) {
			if err != nil || name != fmt.Sprint(n) {
				t.Fatalf("%d at once: %q in place of %d, %v", most, name, n, err)
			}
			n++
		}
		if n != all {
			t.Errorf("%d at once: %d names", most, n)
		}
	}
}

func FuzzOrder(f *testing.F) {
	f.Add("mail.log", "mail.log.1", "mail.log.2.gz")
	f.Add("a-20260101", "a-20260102.gz", "a")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if out, _ := Order([]string{a, b, c}); len(out) != 3 {
			t.Errorf("%q", out)
		}
		if x, y := compareNames(a, b), compareNames(b, a); x != -y || x == 0 && a != b {
			t.Errorf("%q and %q: %d and %d", a, b, x, y)
		}
		if compareNames(a, b) < 0 && compareNames(b, c) < 0 && compareNames(a, c) >= 0 {
			t.Errorf("%q < %q < %q goes in a circle", a, b, c)
		}
	})
}
