package resolve

import (
	"bytes"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// TestOddNames takes labels with dots and backslashes from the wire and asks
// for them again: the name must be the same.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for _, labels := range [][]string{
		{`a\`, "test"}, {`\`}, {`a\`}, {`\\`, `\`}, {"a.b", "test"}, {"."}, {`a\.`, "test"}, {"a.", "test"}, {`\.`, "."},
		{"a b", "\x00", "\xff"}, {`"`, "(", ";", "@", "$"}, {`\032`, "test"}, {strings.Repeat(`\`, 63), strings.Repeat(".", 63)},
	} {
		checkRoundTrip(t, wireOf(labels))
	}
}

func wireOf(labels []string) []byte {
	var b []byte
	for _, l := range labels {
		b = append(append(b, byte(len(l))), l...)
	}
	return append(b, 0)
}

func checkRoundTrip(t *testing.T, wire []byte) {
	t.Helper()
	printed, _, err := dns.UnpackDomainName(wire, 0)
	if err != nil {
		return
	}
	name := fromWire(printed)
	if back := appendName(nil, name); !bytes.Equal(back, []byte(Lower(string(wire)))) {
		t.Errorf("%q became %q and %q on the wire", wire, name, back)
	}
	again, err := canonical(name)
	if err != nil || again != name {
		t.Errorf("%q: canonical gives %q, %v", name, again, err)
	}
	if dotted, err := canonical(name + "."); name != "." && (err != nil || dotted != name) {
		t.Errorf("%q with a final dot: %q, %v", name, dotted, err)
	}
	if !sameName(printed, name) || !Within(name, name) {
		t.Errorf("%q is not itself", name)
	}
	if up := Parent(name); up != "" {
		if first := int(wire[0]) + 1; !bytes.Equal(appendName(nil, up), []byte(Lower(string(wire[first:])))) {
			t.Errorf("the parent of %q is %q", name, up)
		}
		if !Within(name, up) || Within(up, name) {
			t.Errorf("%q is not within %q", name, up)
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, domain string
		want         bool
	}{
		{"a.b.test", "B.test", true}, {"b.test", "b.test", true}, {"ab.test", "b.test", false}, {`a\.b.test`, "b.test", false},
		{`a\\.b.test`, "b.test", true}, {"test", "b.test", false}, {"\xff.test", "\xfe.test", false},
	} {
		if got := Within(c.name, c.domain); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.name, c.domain, got)
		}
	}
}

// FuzzNames reads octets as a name on the wire.
func FuzzNames(f *testing.F) {
	f.Add([]byte("\x02a\\\x04test\x00"))
	f.Add([]byte("\x03a.b\x01.\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 300 {
			return
		}
		_, end, err := dns.UnpackDomainName(b, 0)
		if err != nil || end > len(b) || hasPointer(b[:end]) {
			return
		}
		checkRoundTrip(t, b[:end])
	})
}

// hasPointer reports a compressed name (RFC 1035 §4.1.4).
func hasPointer(wire []byte) bool {
	for i := 0; i < len(wire) && wire[i] != 0; i += int(wire[i]) + 1 {
		if wire[i] >= 0xc0 {
			return true
		}
	}
	return false
}
