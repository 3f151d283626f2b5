package dkim_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	peer "github.com/emersion/go-msgauth/dkim"

	"todoku/diag/dkim"
	"todoku/diag/resolve"
)

// explained says why go-msgauth judges a case in another way, by the beginning of its name.
var explained = map[string]string{
	"U-label in d=":              "it asks for U-labels as they are",
	"no blank lines in the mail": "it wants an empty line behind the header",
	"empty c=":                   "it takes an empty value as the default",
	`list "`:                     "it takes empty tags, any name, and any octet in a value",
	"h=From:":                    "it takes empty names in h=",
	"d=example.test.":            "it asks for names as they are",
	"d=exa mple.test":            "it drops blanks inside names",
	"t=-5":                       "it takes negative times",
	"i=@sub.example.test t=s":    "it does not look at t=s",
	"i=a@b.c.example.test t=s":   "likewise",
	"i=a=4@":                     "it does not decode i=",
	"i=a=ZZ@":                    "likewise",
	"i=a=20b@EXAMPLE.test":       "it compares domains with their case",
	"x= to come":                 "its clock cannot be set, and is later",
	"x= now":                     "likewise",
	"x= without t=":              "likewise",
	"x= endless":                 "it takes no number beyond 64 bits",
	"l= ":                        "it refuses each signature with l=",
	"key v=DKIM1;; p":            "it takes empty tags",
	"key k=rsa; v=DKIM1":         "it takes v= at any place",
	"two keys":                   "it refuses several TXT records; RFC 6376 §6.1.2 lets a verifier try each",
	"revoked and another":        "likewise",
	"another text and a key":     "likewise",
}

// TestPeer asks go-msgauth about all generated cases.
func TestPeer(t *testing.T) {
	t.Parallel()
	agree, list := 0, cases()
	for _, c := range list {
		r := healthy()
		c.change(r)
		m := r.mail(t)
		results := peerResults(r.zone, m)
		if len(results) == 1 && (results[0] == nil) == (c.want == "pass") {
			agree++
			continue
		}
		known := false
		for start := range explained {
			known = known || strings.HasPrefix(c.name, start)
		}
		if !known {
			t.Errorf("%s: go-msgauth says %v, we %s: explain it", c.name, results, c.want)
		}
	}
	t.Logf("%d of %d are judged alike", agree, len(list))
}

// peerResults asks go-msgauth: nil for each signature that passes.
func peerResults(z zone, m string) (list []error) {
	got, err := peer.VerifyWithOptions(strings.NewReader(m), &peer.VerifyOptions{LookupTXT: z.lookup})
	if err != nil {
		return []error{err}
	}
	for _, v := range got {
		list = append(list, v.Err)
	}
	return list
}

// agrees asks go-msgauth about a mail of a suite, signature by signature.
func agrees(t *testing.T, name string, z zone, m []byte, ours dkim.Report) {
	t.Helper()
	theirs := peerResults(z, string(m))
	for i, s := range ours.Signatures {
		if len(theirs) != len(ours.Signatures) || (theirs[i] == nil) != (s.Result == dkim.Pass) {
			t.Errorf("%s: go-msgauth says %v, we %s", name, theirs, told(ours))
			return
		}
	}
}

// lookup is a zone for go-msgauth.
func (z zone) lookup(name string) ([]string, error) {
	a, err := z.Ask(context.Background(), strings.TrimSuffix(name, "."), resolve.TypeTXT)
	if err != nil {
		return nil, err
	}
	if len(a.Records) == 0 {
		return nil, errors.New("no such name")
	}
	return a.Texts(), nil
}
