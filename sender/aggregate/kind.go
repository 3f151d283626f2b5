package aggregate

import (
	"bytes"
	"encoding/base64"
	"strings"

	"todoku/sender/mail"
)

// kind is what something is, by its first octets.
type kind uint8

const (
	kindNone kind = iota
	kindXML
	kindUTF16
	kindJSON
	kindGzip
	kindZlib
	kindZip
	kindTar
	kindBase64
	kindMail
	kindMbox
	kindOther // packed in a way that is not read
)

// packs reports whether something of a kind has something else within.
func (k kind) packs() bool {
	return k == kindGzip || k == kindZlib || k == kindZip || k == kindTar || k == kindBase64 || k == kindUTF16
}

// named reports whether a kind has names of its own, which others should not bear.
func (k kind) named() bool {
	return k == kindGzip || k == kindZlib || k == kindZip || k == kindTar || k == kindXML || k == kindJSON
}

// kindOf recognises something by its beginning.
func kindOf(head []byte) kind {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return kindGzip
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return kindZip
	case bytes.HasPrefix(head, []byte("\x78\x01")), bytes.HasPrefix(head, []byte("\x78\x9c")), bytes.HasPrefix(head, []byte("\x78\xda")):
		return kindZlib
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return kindTar
	case otherArchive(head) != "":
		return kindOther
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")),
		bytes.HasPrefix(head, []byte("<\x00")), bytes.HasPrefix(head, []byte("\x00<")):
		return kindUTF16
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) == 0:
		return kindNone
	case mail.IsMbox(text):
		return kindMbox
	case text[0] == '<':
		return kindXML
	case text[0] == '{', text[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte("{")):
		return kindJSON
	case mail.IsMail(text):
		return kindMail
	case isPackedText(text):
		return kindBase64
	}
	return kindNone
}

// isPackedText reports whether a text is base64 of something that is known.
func isPackedText(text []byte) bool {
	var clean [64]byte
	n := 0
	for _, c := range text {
		if isBlank(c) {
			continue
		}
		if n == len(clean) {
			break
		}
		clean[n] = c
		n++
	}
	if n < 16 {
		return false
	}
	var out [48]byte
	n, err := base64.StdEncoding.Decode(out[:], clean[:n/4*4])
	if err != nil && n < 8 {
		return false
	}
	k := kindOf(out[:n])
	return k != kindNone && k != kindOther && k != kindMbox
}

// otherArchive names a way of packing that is not read; "" for none.
func otherArchive(head []byte) string {
	for _, o := range [...]struct{ magic, name string }{
		{"7z\xbc\xaf\x27\x1c", "7z"}, {"Rar!\x1a\x07", "RAR"}, {"\xfd7zXZ\x00", "xz"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"BZh", "bzip2"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Outlook (.msg)"},
	} {
		if strings.HasPrefix(string(head[:min(len(head), 8)]), o.magic) {
			return o.name
		}
	}
	return ""
}

// kindOfName is what a name says of its content; false where it says nothing.
func kindOfName(name string) (kind, bool) {
	name = strings.ToLower(name)
	for _, e := range [...]struct {
		end  string
		kind kind
	}{{".gz", kindGzip}, {".gzip", kindGzip}, {".tgz", kindGzip}, {".zip", kindZip}, {".xml", kindXML}, {".json", kindJSON}} {
		if strings.HasSuffix(name, e.end) {
			return e.kind, true
		}
	}
	return kindNone, false
}
