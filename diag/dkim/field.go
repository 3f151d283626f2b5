package dkim

import (
	"bytes"
	"strings"

	"todoku/sender/mail"
)

// WithoutSignature is a field that holds a signature with the value of its tag b= taken away, blanks around the value
// included, as it is signed itself (RFC 6376 §3.5, §3.7). A field without b= stays as it is.
func WithoutSignature(f mail.RawField) mail.RawField {
	return mail.RawField{Name: f.Name, Bytes: appendWithoutSignature(make([]byte, 0, len(f.Bytes)), f)}
}

func appendWithoutSignature(dst []byte, f mail.RawField) []byte {
	from, to := signatureAt(f.Bytes)
	return append(append(dst, f.Bytes[:from]...), f.Bytes[to:]...)
}

// signatureAt finds the value of b=, blanks around it included. Of two the first counts: such a list is refused anyway.
func signatureAt(field []byte) (from, to int) {
	at := bytes.IndexByte(field, ':') + 1
	for at < len(field) {
		end := bytes.IndexByte(field[at:], ';')
		if end < 0 {
			end = len(field)
		} else {
			end += at
		}
		if name, _, ok := bytes.Cut(field[at:end], []byte("=")); ok && string(bytes.Trim(name, blanks)) == "b" {
			return at + len(name) + 1, end
		}
		at = end + 1
	}
	return len(field), len(field)
}

// AppendSignatureField appends the canonical form of a field that holds a signature, without that and without a CRLF at the
// end: the last octets of what is signed (RFC 6376 §3.7).
func AppendSignatureField(dst []byte, c Canon, f mail.RawField) []byte {
	var room [2048]byte
	return appendField(dst, c, appendWithoutSignature(room[:0], f))
}

// SelectFields lists the fields that the names of h= mean, in the order of h=: of fields with the same name the last one
// first, each once (RFC 6376 §5.4.2). A name for which no field is left selects nothing.
func SelectFields(r mail.Raw, names []string) []mail.RawField {
	list, _ := selectFields(make([]mail.RawField, 0, len(names)), r, names, -1)
	return list
}

// selectFields also gives the names for which no field was left, in the order of h=. The field at own is never selected: a
// signature does not cover itself (RFC 6376 §3.5); -1 for none.
func selectFields(list []mail.RawField, r mail.Raw, names []string, own int) (fields []mail.RawField, absent []string) {
	if len(names)*len(r.Fields) > manyLooks {
		return selectMany(list, r, names, own)
	}
	var room [512]bool
	taken := room[:min(len(r.Fields), len(room))]
	if len(r.Fields) > len(room) {
		taken = make([]bool, len(r.Fields))
	}
	if own >= 0 {
		taken[own] = true
	}
next:
	for _, name := range names {
		for i := len(r.Fields) - 1; i >= 0; i-- {
			if !taken[i] && r.Fields[i].Is(name) {
				taken[i] = true
				list = append(list, r.Fields[i])
				continue next
			}
		}
		absent = append(absent, name)
	}
	return list, absent
}

// manyLooks is how many comparisons of names are faster than an index.
const manyLooks = 50_000

// selectMany is selectFields for a mail with many fields, or a signature with many names.
func selectMany(list []mail.RawField, r mail.Raw, names []string, own int) (fields []mail.RawField, absent []string) {
	at := make(map[string][]int)
	for i, f := range r.Fields {
		if i != own {
			name := strings.ToLower(f.Name)
			at[name] = append(at[name], i)
		}
	}
	for _, name := range names {
		lower := strings.ToLower(name)
		left := at[lower]
		if len(left) == 0 {
			absent = append(absent, name)
			continue
		}
		list = append(list, r.Fields[left[len(left)-1]])
		at[lower] = left[:len(left)-1]
	}
	return list, absent
}
