package arc

import (
	"crypto/sha256"
	"slices"
	"strings"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// headerFields are the fields of a mail by their names in lower case, the last one first.
type headerFields struct {
	byName map[string][]mail.RawField
	older  bool // the newest AMS had its fields
	left   int  // octets that may still be hashed for older ones
}

// maxHashed bounds the octets of fields that are hashed for all AMS but the newest, which comes first; older ones beyond the
// bound stay unjudged.
const maxHashed = 32 << 20

func newHeaderFields(raw mail.Raw) *headerFields {
	h := &headerFields{byName: map[string][]mail.RawField{}, left: maxHashed}
	for _, f := range slices.Backward(raw.Fields) {
		if f.Name != "" {
			name := strings.ToLower(f.Name)
			h.byName[name] = append(h.byName[name], f)
		}
	}
	return h
}

// selected lists the fields that the names of h= mean: of fields with the same name the last one first, each once, and never
// own, the signature itself (RFC 6376 §5.4.2). ok is false where they are more than may be hashed.
func (h *headerFields) selected(names []string, own mail.RawField) (list []mail.RawField, ok bool) {
	octets, next := 0, map[string]int{}
	for _, name := range names {
		name = strings.ToLower(name)
		for fields := h.byName[name]; next[name] < len(fields); {
			f := fields[next[name]]
			next[name]++
			if &f.Bytes[0] != &own.Bytes[0] {
				list = append(list, f)
				octets += len(f.Bytes)
				break
			}
		}
	}
	if h.older {
		h.left -= octets
	}
	h.older = true
	return list, h.left >= 0
}

// sum is the SHA-256 of what the AMS signs of the header (RFC 6376 §3.7).
func (m *messageSignature) sum(fields []mail.RawField) (out [32]byte) {
	h, buf := sha256.New(), []byte(nil)
	for _, f := range fields {
		buf = dkim.AppendField(buf[:0], m.header, f)
		h.Write(buf)
	}
	h.Write(dkim.AppendSignatureField(buf[:0], m.header, m.part.field))
	h.Sum(out[:0])
	return out
}
