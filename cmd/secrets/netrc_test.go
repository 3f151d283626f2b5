package secrets

import (
	"strings"
	"testing"
)

func TestNetrcPassword(t *testing.T) {
	t.Parallel()
	const text = `# a comment
machine a.test login u password one # and another
machine a.test
  login v
  password two
macdef init
machine b.test password no

machine b.test password any
default login u password last
`
	for _, c := range []struct {
		host, user, want string
		found            bool
	}{
		{"a.test", "u", "one", true}, {"A.test", "v", "two", true}, {"b.test", "w", "any", true},
		{"c.test", "u", "last", true}, {"c.test", "v", "", false},
	} {
		got, found := netrcPassword(text, c.host, c.user)
		if found != c.found || found && got != c.want {
			t.Errorf("%s at %s: %q, %v, want %q", c.user, c.host, got, found, c.want)
		}
	}
}

func FuzzNetrc(f *testing.F) {
	f.Add("machine a login b password c", "a", "b")
	f.Add("default password x\nmacdef y\n\n", "a", "b")
	f.Fuzz(func(t *testing.T, text, host, user string) {
		if s, ok := netrcPassword(text, host, user); ok && s != "" && !strings.Contains(text, s) {
			t.Errorf("%q does not stand in %q", s, text)
		}
	})
}
