package dkim_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"todoku/diag/dkim"
)

// recipe makes a mail with a signature by the letter of RFC 6376, with none of the code under test, and the DNS beside it.
type recipe struct {
	fields []string    // with "\n" in folds
	body   string      // with "\n"
	tags   [][2]string // of the signature, in their order, without b
	last   string      // behind b=
	key    crypto.Signer
	zone   zone
	eol    string              // of the mail that goes out
	after  func(string) string // what happens to the mail on its way
	fold   func(string) string // how the value of b= is written
}

const now = 1_767_000_000

// keys are made once. weak is too short for anything.
var keys = sync.OnceValue(func() (k struct {
	rsa, small, other *rsa.PrivateKey
	ed                ed25519.PrivateKey
}) {
	k.rsa, _ = rsa.GenerateKey(rand.Reader, 2048)
	k.small, _ = rsa.GenerateKey(rand.Reader, 1024)
	k.other, _ = rsa.GenerateKey(rand.Reader, 1024)
	_, k.ed, _ = ed25519.GenerateKey(rand.Reader)
	return k
})

// record is the key record of a key.
func record(k crypto.Signer) string {
	if pub, ok := k.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + b64(pub)
	}
	der, _ := x509.MarshalPKIXPublicKey(k.Public())
	return "v=DKIM1; k=rsa; p=" + b64(der)
}

// healthy is a recipe with nothing wrong: RSA with 1024 bits, relaxed/relaxed.
func healthy() *recipe {
	k := keys().small
	return &recipe{
		fields: []string{"From: News <news@example.test>", "To: you@example.net", "Subject: Tea  and\n\tcakes",
			"Date: Mon, 29 Dec 2025 10:00:00 +0900",
			"Message-ID: <1@example.test>", "X-Free: any"},
		body: "Dear you,\n\nthere  is tea \nat five.\n\nUs\n\n\n",
		tags: [][2]string{{"v", "1"}, {"a", "rsa-sha256"}, {"c", "relaxed/relaxed"}, {"d", "example.test"}, {"s", "s1"},
			{"t", strconv.Itoa(now - 60)}, {"h", "From:To:Subject:Date:Message-ID"}, {"bh", ""}},
		key: k, zone: zone{"s1._domainkey.example.test": {record(k)}}, eol: "\r\n",
	}
}

func (r *recipe) get(tag string) string {
	for _, t := range r.tags {
		if t[0] == tag {
			return t[1]
		}
	}
	return ""
}

// set changes a tag or adds it.
func (r *recipe) set(tag, value string) *recipe {
	for i := range r.tags {
		if r.tags[i][0] == tag {
			r.tags[i][1] = value
			return r
		}
	}
	r.tags = append(r.tags, [2]string{tag, value})
	return r
}

func (r *recipe) drop(tag string) *recipe {
	r.tags = slices.DeleteFunc(r.tags, func(t [2]string) bool { return t[0] == tag })
	return r
}

// with signs with another key, whose record stands in DNS.
func (r *recipe) with(k crypto.Signer, alg string) *recipe {
	r.key, r.zone["s1._domainkey.example.test"] = k, []string{record(k)}
	return r.set("a", alg)
}

func (r *recipe) txt(texts ...string) *recipe {
	r.zone["s1._domainkey.example.test"] = texts
	return r
}

var (
	folds  = regexp.MustCompile(`\r?\n`)
	spaces = regexp.MustCompile(`[ \t]+`)
)

// slowField is a header field by the letter of RFC 6376 §3.4.1 and §3.4.2, without the CRLF at its end.
func slowField(relaxed bool, f string) string {
	if !relaxed {
		return folds.ReplaceAllString(f, "\r\n")
	}
	name, value, _ := strings.Cut(f, ":")
	value = spaces.ReplaceAllString(folds.ReplaceAllString(value, ""), " ")
	return strings.ToLower(strings.TrimRight(name, " \t")) + ":" + strings.Trim(value, " ")
}

// signature gives the field, signed; without line end, with "\n" in folds.
func (r *recipe) signature(t testing.TB) string {
	t.Helper()
	header, body, _ := strings.Cut(r.get("c"), "/")
	canon := dkim.Simple
	if body == "relaxed" {
		canon = dkim.Relaxed
	}
	text := slowBody(canon, r.body)
	if l, err := strconv.Atoi(r.get("l")); err == nil && l >= 0 && l < len(text) {
		text = text[:l]
	}
	sum := sha256.Sum256([]byte(text))
	if r.get("bh") == "" {
		r.set("bh", b64(sum[:]))
	}
	field := "DKIM-Signature:"
	for _, t := range r.tags {
		if t[0] == "bh" && t[1] == "-" {
			t[1] = ""
		}
		field += " " + t[0] + "=" + t[1] + ";\n\t"
	}
	field = strings.TrimSuffix(field, "\n\t") + " b="
	var signed strings.Builder
	left := slices.Clone(r.fields)
	for name := range strings.SplitSeq(r.get("h"), ":") {
		for i := len(left) - 1; i >= 0; i-- {
			if n, _, _ := strings.Cut(left[i], ":"); strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(name)) {
				signed.WriteString(slowField(header == "relaxed", left[i]) + "\r\n")
				left = slices.Delete(left, i, i+1)
				break
			}
		}
	}
	signed.WriteString(slowField(header == "relaxed", field+r.last))
	if r.fold != nil {
		return field + r.fold(b64(r.sign(t, signed.String()))) + r.last
	}
	return field + b64(r.sign(t, signed.String())) + r.last
}

func (r *recipe) sign(t testing.TB, data string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(data))
	if k, ok := r.key.(ed25519.PrivateKey); ok {
		return ed25519.Sign(k, sum[:])
	}
	sig, err := r.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// mail gives the mail with these signatures above it.
func (r *recipe) mail(t testing.TB, signatures ...string) string {
	t.Helper()
	if len(signatures) == 0 {
		signatures = []string{r.signature(t)}
	}
	m := strings.Join(append(signatures, r.fields...), "\n") + "\n\n" + r.body
	if m = strings.ReplaceAll(m, "\n", r.eol); r.after != nil {
		m = r.after(m)
	}
	return m
}

// replace is a change on the way.
func replace(old, with string) func(string) string {
	return func(m string) string { return strings.Replace(m, old, with, 1) }
}
