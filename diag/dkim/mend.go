package dkim

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"

	"todoku/diag/resolve"
)

// Mend gives the one record that a text means which may be faulty in any way: with its key, and all words that can be read.
// ok is false where no key can be read, or more than one: such a record needs a person.
func Mend(txt string) (record string, ok bool) {
	k, ok := read(txt)
	if !ok {
		return "", false
	}
	record = k.Mended()
	again, faults := ParseKey(record)
	sound := !slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind.Breaks() || f.Kind == UnknownType })
	return record, sound && again.Bits == k.Bits && record != ""
}

// MendAll gives the one record that several texts mean, all with the same key: that of them which has the words of all.
func MendAll(texts []string) (record string, ok bool) {
	var parts []string
	for i, t := range texts {
		mended, ok := Mend(t)
		if !ok {
			return "", false
		}
		own := strings.Split(mended, "; ")
		switch more := lacks(parts, own); {
		case i == 0, more && !lacks(own, parts):
			record, parts = mended, own
		case more:
			return "", false
		}
	}
	return record, record != ""
}

// lacks reports whether a list lacks something of another.
func lacks(list, other []string) bool {
	return slices.ContainsFunc(other, func(s string) bool { return !slices.Contains(list, s) })
}

// Join writes the texts of several TXT records behind a key as one record, where that one was cut: its own key is not whole,
// and the others hold nothing but the rest of one.
func Join(key string, texts []string) (record string, cut bool) {
	if k, _ := ParseKey(key); k.Bits > 0 || k.Revoked {
		return "", false
	}
	record = key
	for _, t := range texts {
		if t == key {
			continue
		}
		if rest := strings.Trim(t, blanks+`"'`); len(rest) < minRest || strings.Trim(rest, base64Text) != "" {
			return "", false
		}
		record += t
	}
	return record, record != key
}

// JoinTags writes one record of several into which one was cut: the key stands in one of them behind p=, and the others have
// the tags before it, v among them; or both of two have a part of the key. None of them is a whole record.
func JoinTags(texts []string) (record string, cut bool) {
	for i, last := range texts {
		if _, _, ok := cutKey(last); !ok || version().MatchString(last) {
			continue
		}
		if others := slices.Delete(slices.Clone(texts), i, i+1); len(others) > 0 && areTags(others) {
			slices.SortStableFunc(others, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
			return Mend(strings.Join(others, "; ") + "; " + last)
		}
	}
	if len(texts) != 2 || usable(texts[0]) || usable(texts[1]) {
		return "", false
	}
	for i, first := range texts {
		if _, rest, ok := cutKey(texts[1-i]); ok {
			if record, cut = Mend(strings.TrimRight(first, blanks+";") + rest); cut {
				return record, true
			}
		}
	}
	return "", false
}

// usable reports whether a text alone holds a key that can be used, or that was revoked.
func usable(txt string) bool {
	k, _ := ParseKey(txt)
	return k.Bits > 0 || k.Revoked
}

// areTags reports whether texts have tags of a key and no p; one of them the version or the type.
func areTags(texts []string) bool {
	begins := false
	for _, t := range texts {
		if _, _, ok := cutKey(t); ok || usable(t) || strings.Trim(t, blanks+";") == "" {
			return false
		}
		begins = begins || version().MatchString(t) || keyType().MatchString(t)
		for tag := range strings.SplitSeq(strings.TrimRight(t, blanks+";"), ";") {
			if name, _, ok := strings.Cut(tag, "="); !ok || len(strings.Trim(name, blanks)) != 1 {
				return false
			}
		}
	}
	return begins
}

// rank puts the version first.
func rank(text string) string {
	if version().MatchString(text) {
		return ""
	}
	return text
}

// cutKey parts a text at its tag p.
func cutKey(text string) (before, key string, ok bool) {
	at := 0
	for tag := range strings.SplitSeq(text, ";") {
		lead := len(tag) - len(strings.TrimLeft(tag, blanks))
		if name, value, ok := strings.Cut(tag, "="); ok && strings.EqualFold(strings.Trim(name, blanks), "p") {
			return text[:at+lead], value, true
		}
		at += len(tag) + 1
	}
	return "", "", false
}

const (
	minRest    = 8 // characters that can be the rest of a key
	base64Text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= ;"
)

// How the parts of a record begin, whatever mark or blank stands behind the name of the tag. The values end where they must,
// so that a separator may be lost.
var (
	armour   = sync.OnceValue(compile(`-+ *(?i:BEGIN|END)[A-Za-z ]+-+`))
	version  = sync.OnceValue(compile(`(?i)^(?:v[ =:;.-]*)?d?kim ?[0-9l]*(?:\.0)?`))
	keyType  = sync.OnceValue(compile(`(?i)^k[ =:;.]*(rsa|ed-?[0-9]+)(?:-?sha-?[0-9]+)?`))
	hashes   = sync.OnceValue(compile(`(?i)^h[ =:;.]+(sha-?(?:256|1)(?:[ :,]+sha-?(?:256|1))*)`))
	services = sync.OnceValue(compile(`(?i)^s[ =:;.]+((?:\*|email|tlsrpt)(?:[ :,]+(?:\*|email|tlsrpt))*)`))
	flags    = sync.OnceValue(compile(`(?i)^t[ =:;.]*[=:;.][ =:;.]*([ys](?: *[:,] *[ys])*)`))
	notes    = sync.OnceValue(compile(`(?i)^n *= *([^;]*)`))
	public   = sync.OnceValue(compile(`(?i)^p[ =:;.]*`))
)

func compile(expr string) func() *regexp.Regexp {
	return func() *regexp.Regexp { return regexp.MustCompile(expr) }
}

// loose reads a text by what its parts can be.
type loose struct {
	s    string
	k    Key
	end  int  // of the last part that was read
	ed   bool // k says that the key is one of ed25519
	keys [][]byte
	lost bool // something stands there that may be a key, and is none
	bare int  // places at which a key without a tag was looked for
}

var (
	// unwrapped drops what people and programs write around a record and its parts.
	unwrapped = strings.NewReplacer(`"`, "", `'`, "", `\`, "", "<", "", ">", "", "[", "", "]", "", "{", "", "}", "", "|", ";")
	// standard writes the alphabet for URLs (RFC 4648 §5) as the usual one.
	standard = strings.NewReplacer("-", "+", "_", "/")
)

// read reads a text loosely.
func read(txt string) (*Key, bool) {
	s := armour().ReplaceAllString(resolve.Plain(txt[:min(len(txt), maxText)]), " ")
	l := loose{s: unwrapped.Replace(s)}
	for i := 0; i < len(l.s) && !l.lost; {
		i += l.part(i)
	}
	l.k.Text = txt
	return &l.k, len(l.keys) == 1 && !l.lost && l.k.Bits > 0
}

// part reads what stands at i and gives its length, at least 1.
func (l *loose) part(i int) int {
	s := l.s[i:]
	if i > l.end && isBase64(l.s[i-1]) && isBase64(s[0]) {
		return 1 // inside a word
	}
	if n := l.key(s); n > 0 {
		l.end = i + n
		return n
	}
	for _, p := range [...]struct {
		starts string // the letters with which the part can begin
		form   func() *regexp.Regexp
		take   func(string)
	}{
		{"vdk", version, func(string) {}},
		{"k", keyType, func(v string) { l.ed = v[0]|0x20 == 'e' }}, // the key itself says what it is
		{"h", hashes, func(v string) { l.k.Hashes = words(strings.ReplaceAll(v, "-", "")) }},
		{"s", services, func(v string) { l.k.Services = words(v) }},
		{"t", flags, func(v string) { l.k.Flags = words(v) }},
		{"n", notes, func(v string) { l.k.Notes, l.lost = strings.TrimSpace(v), l.lost || strings.Contains(v, "=") }}, // it may hold other tags
	} {
		if strings.IndexByte(p.starts, s[0]|0x20) < 0 {
			continue
		}
		m := p.form().FindStringSubmatch(s)
		if m == nil {
			continue
		}
		n, value := len(m[0]), m[len(m)-1]
		if p.starts == "t" && strings.HasPrefix(strings.TrimLeft(s[n:], " "), "=") { // "t=y, s=email": the last one is a tag
			n, value = n-1, strings.TrimRight(value[:len(value)-1], " :,")
		}
		p.take(value)
		l.end = i + n
		return n
	}
	return 1
}

// words lists the words of a list, each once, in lower case.
func words(value string) (out []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return strings.ContainsRune(" :,", r) }) {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// minKey is how many base64 characters without a tag can be a key: those of an ed25519 key.
const minKey = 43

// key reads a key at the beginning of s, behind p= or bare, and gives its length; 0 where there is none. A bare one has to
// show by its form that it is a key: any 32 bytes can be one of ed25519, and tokens of other services have as many.
func (l *loose) key(s string) int {
	if s[0]|0x20 == 'p' {
		head := len(public().FindString(s))
		if n := l.keyAt(s[head:], true); n > 0 {
			return head + n
		}
	}
	switch {
	case len(s) >= minKey && s[0] == 'M' && 'A' <= s[1] && s[1] <= 'P' && l.bare < maxBare: // base64 of 0x30, with which an RSA key begins
		l.bare++
		return l.keyAt(s, false)
	case l.ed:
		return l.keyAt(s[:min(len(s), maxEd)], false)
	}
	return 0
}

const (
	maxBare = 32     // a text in which more words may begin a key holds none
	maxEd   = 8 * 20 // characters of a bare ed25519 key with blanks in it
)

func (l *loose) keyAt(s string, tagged bool) int {
	run, ends := base64Run(s)
	if len(run) < minKey {
		return 0
	}
	for _, end := range slices.Backward(ends) {
		if k := keyIn(run[:end.chars]); k != nil && (tagged || l.ed || k.Type == "rsa") {
			l.add(k)
			return end.length
		}
	}
	if !tagged {
		return 0
	}
	l.lost = true
	return ends[len(ends)-1].length
}

// runEnd is a place where a run of base64 may end.
type runEnd struct {
	chars  int // of the run, without blanks
	length int // of the text
}

// maxEnds bounds the ends of a run that are tried.
const maxEnds = 48

// base64Run reads base64 characters with blanks between them up to the padding, and where the key in it may end: before a
// blank, before a letter that is the name of the next tag, at the end.
func base64Run(s string) (run string, ends []runEnd) {
	var b strings.Builder
	i := 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case isBase64(c) || c == '-' || c == '_':
			b.WriteByte(c)
			continue
		case c == ' ':
			if len(ends) < maxEnds {
				ends = append(ends, runEnd{b.Len(), i})
			}
			continue
		}
		break
	}
	pad := i
	for pad < len(s) && (s[pad] == '=' || s[pad] == ' ') {
		pad++
	}
	if i < pad && pad < len(s) && isBase64(s[pad]) { // "…AQABv=DKIM1"
		ends = append(ends, runEnd{b.Len() - 1, i - 1})
	}
	return b.String(), append(ends, runEnd{b.Len(), pad})
}

// keyIn reads a key of a type that is in use, or gives nil.
func keyIn(text string) *Key {
	if !strings.ContainsAny(text, "+/") {
		text = standard.Replace(text)
	}
	if len(text) < minKey {
		return nil
	}
	n := base64.RawStdEncoding.DecodedLen(len(text))
	head, err := base64.RawStdEncoding.DecodeString(text[:8])
	if err != nil || n != ed25519Bytes && n != derLength(head) {
		return nil
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || oneCase(text) {
		return nil
	}
	if bare, ok := strings.CutPrefix(string(data), edPrefix()); ok {
		data = []byte(bare)
	}
	k := Key{Type: "rsa", Data: data}
	if len(data) == ed25519Bytes && data[0] != 0x30 {
		k.Type = "ed25519"
	}
	p := parser{key: &k}
	if p.size(); k.Bits == 0 || k.useless {
		return nil
	}
	return &k
}

// derLength is how many octets a SEQUENCE of DER has, by its first octets (X.690 §8.1.3); 0 where it is none.
func derLength(head []byte) int {
	switch {
	case head[0] != 0x30:
	case head[1] < 0x80:
		return 2 + int(head[1])
	case head[1] == 0x81:
		return 3 + int(head[2])
	case head[1] == 0x82:
		return 4 + int(head[2])<<8 + int(head[3])
	}
	return 0
}

// oneCase reports whether the letters of a long text are all capitals, or none is: base64 of a key never is so by chance.
func oneCase(text string) bool {
	return len(text) >= minKey && (strings.ToLower(text) == text || strings.ToUpper(text) == text)
}

// edPrefix is what stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410 §4).
func edPrefix() string {
	b, _ := hex.DecodeString("302a300506032b6570032100")
	return string(b)
}

// add takes a key; the same one again is no other.
func (l *loose) add(k *Key) {
	if slices.ContainsFunc(l.keys, func(known []byte) bool { return string(known) == string(k.Data) }) {
		return
	}
	l.keys = append(l.keys, k.Data)
	l.k.Type, l.k.Bits, l.k.Data = k.Type, k.Bits, k.Data
}
