package arc_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"todoku/diag/arc"
	"todoku/sender/mail"
)

// rsaKey and edKey sign for all hops.
var (
	rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
		k, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			panic(err)
		}
		return k
	})
	edKey = sync.OnceValue(func() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, 32)) })
)

// rsaRecord is the key record of an RSA key.
func rsaRecord(t testing.TB, k *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// letter is a mail on its way: fields from the top, each with its folds and without the last line end.
type letter struct {
	fields []string
	body   string
	sealed []string // AAR, AMS and AS of each set so far, as they were signed
	n      int      // instance of the newest set
}

func newLetter() *letter {
	return &letter{fields: []string{
		"Received: from a.test by b.test; Thu, 26 Nov 2026 10:00:00 +0900", "Message-ID: <1@a.test>",
		"Date: Thu, 26 Nov 2026 10:00:00 +0900", "From: Aki <aki@a.test>", "To: list@b.test", "Subject: An  ordinary\r\n mail",
		"MIME-Version: 1.0"}, body: "Hello  \r\n\r\nthis is\ta test.\r\n\r\n\r\n"}
}

// hop is a server that seals. The zero value is one that does it well.
type hop struct {
	instance  int    // 0: the next
	alg       string // rsa-sha256
	canon     string // relaxed/relaxed; "none": no c=
	cv        string
	headers   string
	selector  string                            // of the AMS and the AS: s
	ams, as   string                            // selector of one of them
	more      string                            // tags at the end of the AMS
	unsigned  func(k arc.Kind, f string) string // changes a field before it is signed, where b= is still "@"
	leave     arc.Kind                          // a field that it does not write
	twice     arc.Kind                          // a field that it writes twice
	canonical string                            // the form that is really signed, where that is not canon
}

// seal adds a set to the top of the mail.
func (l *letter) seal(h hop) *letter {
	l.n++
	n := l.n
	if h.instance != 0 {
		n = h.instance
	}
	or := func(s, usual string) string {
		if s == "" {
			return usual
		}
		return s
	}
	alg, canon, headers := or(h.alg, "rsa-sha256"), or(h.canon, "relaxed/relaxed"), or(h.headers, "From:To:Subject:Date:Message-ID")
	edit := func(k arc.Kind, f string) string {
		if h.unsigned != nil {
			return h.unsigned(k, f)
		}
		return f
	}
	cv := "pass"
	if n == 1 {
		cv = "none"
	}
	c := " c=" + canon + ";"
	if canon == "none" {
		c, canon = "", "simple/simple"
	}
	header, body, _ := strings.Cut(or(h.canonical, canon), "/")
	sum := sha256.Sum256([]byte(canonicalBody(l.body, body)))
	aar := edit(arc.AAR, fmt.Sprintf("ARC-Authentication-Results: i=%d; mx%d.test;\r\n spf=pass smtp.mailfrom=aki@a.test;"+
		"\r\n dkim=pass header.d=a.test", n, n))
	ams := edit(arc.AMS, fmt.Sprintf("ARC-Message-Signature: i=%d; a=%s;%s d=hop%d.test; s=%s;\r\n t=1700000000; h=%s; bh=%s;%s\r\n b=@",
		n, alg, c, n, or(h.ams, or(h.selector, "s")), headers, base64.StdEncoding.EncodeToString(sum[:]), h.more))
	ams = l.signed(alg, ams, selected(l.fields, headers, header), header)
	as := edit(arc.AS, fmt.Sprintf("ARC-Seal: i=%d; a=%s; cv=%s; d=hop%d.test; s=%s; t=1700000000;\r\n b=@", n, alg, or(h.cv, cv), n,
		or(h.as, or(h.selector, "s"))))
	scope := l.sealed
	if h.cv == "fail" {
		scope = nil
	}
	var over strings.Builder
	for _, f := range append(scope[:len(scope):len(scope)], aar, ams) {
		over.WriteString(relaxedField(f) + "\r\n")
	}
	as = l.signed(alg, as, over.String(), "relaxed")
	l.sealed = append(l.sealed, aar, ams, as)
	var set []string
	for _, f := range []struct {
		kind arc.Kind
		text string
	}{{arc.AS, as}, {arc.AMS, ams}, {arc.AAR, aar}} {
		if f.kind != h.leave {
			set = append(set, f.text)
		}
		if f.kind == h.twice {
			set = append(set, f.text)
		}
	}
	l.fields = append(set, l.fields...)
	return l
}

// signed fills in b= of a field that signs what comes before it.
func (l *letter) signed(alg, field, before, canon string) string {
	bare := strings.Replace(field, "b=@", "b=", 1)
	if canon == "relaxed" {
		bare = relaxedField(bare)
	}
	sum := sha256.Sum256([]byte(before + bare))
	var sig []byte
	var err error
	if alg == "ed25519-sha256" {
		sig, err = edKey().Sign(nil, sum[:], crypto.Hash(0))
	} else {
		sig, err = rsa.SignPKCS1v15(nil, rsaKey(), crypto.SHA256, sum[:])
	}
	if err != nil {
		panic(err)
	}
	return strings.Replace(field, "b=@", "b="+base64.StdEncoding.EncodeToString(sig), 1)
}

// selected are the fields of h= in canonical form, of equal ones the last first.
func selected(fields []string, headers, canon string) string {
	taken := map[int]bool{}
	var b strings.Builder
next:
	for name := range strings.SplitSeq(headers, ":") {
		for i := len(fields) - 1; i >= 0; i-- {
			n, _, _ := strings.Cut(fields[i], ":")
			if strings.EqualFold(n, strings.TrimSpace(name)) && !taken[i] {
				taken[i] = true
				f := fields[i]
				if canon == "relaxed" {
					f = relaxedField(f)
				}
				b.WriteString(f + "\r\n")
				continue next
			}
		}
	}
	return b.String()
}

var blanks = regexp.MustCompile(`[ \t]+`)

func relaxedField(f string) string {
	name, value, _ := strings.Cut(f, ":")
	value = blanks.ReplaceAllString(strings.ReplaceAll(value, "\r\n", ""), " ")
	return strings.ToLower(strings.TrimSpace(name)) + ":" + strings.TrimSpace(value)
}

func canonicalBody(body, canon string) string {
	lines := strings.Split(body, "\r\n")
	if canon == "relaxed" {
		for i, l := range lines {
			lines[i] = strings.TrimRight(blanks.ReplaceAllString(l, " "), " ")
		}
	}
	body = strings.TrimRight(strings.Join(lines, "\r\n"), "\r\n")
	if body == "" && canon == "relaxed" {
		return ""
	}
	return body + "\r\n"
}

// text is the mail as octets.
func (l *letter) text() string { return strings.Join(l.fields, "\r\n") + "\r\n\r\n" + l.body }

// change replaces a text in the field of a set, or in another field where the kind is "".
func (l *letter) change(t testing.TB, k arc.Kind, instance int, from, to string) *letter {
	t.Helper()
	for i, f := range l.fields {
		if k != "" && (!strings.HasPrefix(f, k.Field()+":") || !strings.Contains(f, fmt.Sprintf("i=%d;", instance))) {
			continue
		}
		if strings.Contains(f, from) {
			l.fields[i] = strings.Replace(f, from, to, 1)
			return l
		}
	}
	t.Fatalf("%q is in no field", from)
	return l
}

// chain is a mail with so many sets.
func chain(n int) *letter {
	l := newLetter()
	for range n {
		l.seal(hop{})
	}
	return l
}

// chainWith is a chain of n sets of which the i-th is made by h.
func chainWith(n, i int, h hop) *letter {
	l := newLetter()
	for k := 1; k <= n; k++ {
		if k == i {
			l.seal(h)
		} else {
			l.seal(hop{})
		}
	}
	return l
}

// keys is a DNS with the keys of n hops: s (RSA), ed (Ed25519).
func keys(t testing.TB, n int) *world {
	w := newWorld()
	record := rsaRecord(t, &rsaKey().PublicKey)
	ed := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(edKey().Public().(ed25519.PublicKey))
	for i := 1; i <= n; i++ {
		for _, s := range []string{"s", "s2"} {
			w.txt[fmt.Sprintf("%s._domainkey.hop%d.test", s, i)] = []string{record}
		}
		w.txt[fmt.Sprintf("ed._domainkey.hop%d.test", i)] = []string{ed}
	}
	return w
}

func validate(t testing.TB, w *world, l *letter) arc.Chain {
	return arc.Validate(t.Context(), w, mail.Cut([]byte(l.text())))
}
