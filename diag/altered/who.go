package altered

import (
	"bytes"
	"encoding/base64"
	"strings"
	"sync"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// Basis says how it is known who made a change.
type Basis string

// The bases, the surest first.
const (
	ByARC       Basis = "arc"       // what servers on the way said in ARC (RFC 8617), or sealed
	BySignature Basis = "signature" // a later DKIM signature covers the changed body
	ByField     Basis = "field"     // a field that the program puts into mails
	ByLink      Basis = "link"      // the host to which links go
	ByTrace     Basis = "trace"     // the only or the first server behind the signer: a guess
)

// Author is who probably made a change. Nothing here is proved: any server can write any field.
type Author struct {
	Host  string // a server, or the domain of a list or a signer; "" where none is known
	Name  string // of the program or service; "" where none is known
	Basis Basis  // "" where nobody is known
	Field string // that says so
}

// Known reports whether somebody is named.
func (a Author) Known() bool { return a.Basis != "" }

// witness looks in the fields of a mail for who changed it.
type witness struct {
	raw mail.Raw
	sig signed
}

// author is who probably made a change.
func (w witness) author(c Change) Author {
	if c.Kind == OtherKey {
		return Author{}
	}
	above, below := w.interval()
	if c.Kind == LinksRewritten {
		if a := byLink(c.Now); a.Known() {
			a.Host = w.hostOf(a.Name, above, below)
			return a
		}
	}
	if c.Kind == EncodingChanged || c.Kind == Reencoded {
		if m := convertedBy().FindStringSubmatch(w.raw.Get("X-MIME-Autoconverted")); m != nil {
			return Author{Host: m[1], Name: "sendmail", Basis: ByField, Field: "X-MIME-Autoconverted"}
		}
	}
	if a := w.byField(listKinds(c), above, below); a.Known() {
		return a
	}
	if c.Field == "" {
		if a := w.bySigner(); a.Known() {
			return a
		}
	}
	return w.byTrace(above, below)
}

var convertedBy = sync.OnceValue(compile(` by (\S+)`))

// listKinds reports that lists make such a change more often than gateways.
func listKinds(c Change) bool {
	switch c.Kind {
	case FooterAdded, FooterPartAdded, FromRewritten, ReplyToAdded, ReplyToChanged, AddressesChanged:
		return true
	case SubjectPrefixed:
		return !c.MarksOutside()
	}
	return false
}

// MarksOutside reports whether the change warns readers that the mail comes from outside, or is junk: gateways do that, no lists.
func (c Change) MarksOutside() bool {
	return c.Kind == SubjectPrefixed && marksOutside().MatchString(c.Now)
}

var marksOutside = sync.OnceValue(compile(`(?i)external|spam|外部|社外|迷惑|caution|virus`))

// interval gives the places in the fields between which the change was made: servers above the first had the signature broken, one
// below the second had it pass.
func (w witness) interval() (above, below int) {
	above, below = -1, w.sig.Index
	for i, f := range w.raw.Fields[:w.sig.Index] {
		value := f.Value()
		switch {
		case f.Is("ARC-Authentication-Results"):
			if tag, rest, ok := strings.Cut(value, ";"); ok && strings.HasPrefix(tag, "i=") {
				value = rest
			}
		case !f.Is("Authentication-Results"):
			continue
		}
		for _, r := range mail.ParseAuthResults(value) {
			if r.Method != "dkim" || !strings.EqualFold(r.Domain, w.sig.Domain) {
				continue
			}
			switch {
			case r.Result == "pass" && i < below:
				return above, i // the newest that had it pass
			case r.Result == "fail":
				above = i
			}
		}
	}
	return above, below
}

// byField finds a field that a program put into the mail and the signature does not cover.
func (w witness) byField(list bool, above, below int) Author {
	signed := map[int]bool{}
	for _, i := range chosen(w.raw.Fields, w.sig.Signed, w.sig.Index) {
		signed[i] = true
	}
	for _, want := range []bool{list, !list} {
		for i, f := range w.raw.Fields {
			if signed[i] || i <= above || i == w.sig.Index {
				continue
			}
			p := programOf(f)
			if p.field == "" || p.list != want || i > below && !p.list {
				continue
			}
			a := Author{Name: p.name, Basis: ByField, Field: f.Name, Host: w.receiver(i)}
			if f.Is("List-Id") {
				a.Host = strings.ToLower(strings.Trim(listID().FindString(f.Value()), "<>"))
			}
			if p.list && a.Name == "" {
				a.Name = w.listProgram()
			}
			if a.Host == "" && a.Name == "" { // List-Id without brackets (RFC 2919 §2)
				continue
			}
			return a
		}
	}
	return Author{}
}

var listID = sync.OnceValue(compile(`<[A-Za-z0-9._-]+>`))

// listProgram is the program that runs the list, as other fields tell.
func (w witness) listProgram() string {
	for _, f := range w.raw.Fields {
		if p := programOf(f); p.list && p.name != "" {
			return p.name
		}
	}
	return ""
}

// receiver is the server that had the mail when a field was put above the others: that of the next trace below.
func (w witness) receiver(i int) string {
	for _, f := range w.raw.Fields[i:min(w.sig.Index, len(w.raw.Fields))] {
		if f.Is("Received") {
			return strings.ToLower(mail.ParseTrace(f.Value()).By)
		}
	}
	return ""
}

// hostOf is the server in whose trace a program is named; "" for none.
func (w witness) hostOf(name string, above, below int) string {
	for i, f := range w.raw.Fields {
		if i > above && i < below && programOf(f).name == name {
			return w.receiver(i)
		}
	}
	return ""
}

// bySigner finds a later signature over the body as it is now.
func (w witness) bySigner() Author {
	for i := w.sig.Index - 1; i >= 0; i-- {
		f := w.raw.Fields[i]
		arc := f.Is("ARC-Message-Signature")
		if !arc && !f.Is("DKIM-Signature") {
			continue
		}
		tags, _ := dkim.ParseTags(string(f.RawValue()))
		hash, _ := tags.Get("bh")
		canon, _ := tags.Get("c")
		domain, _ := tags.Get("d")
		form := dkim.Simple
		if _, body, _ := strings.Cut(canon, "/"); strings.TrimSpace(body) == "relaxed" {
			form = dkim.Relaxed
		}
		sum, _ := bodySum(w.raw.Body, form, -1)
		was, err := base64.StdEncoding.DecodeString(dkim.Plain(hash))
		if err != nil || !bytes.Equal(was, sum[:]) || strings.EqualFold(domain, w.sig.Domain) {
			continue
		}
		a := Author{Host: strings.ToLower(domain), Basis: BySignature, Field: f.Name}
		if arc {
			a.Basis = ByARC
		}
		return a
	}
	return Author{}
}

// byTrace is the first server behind the signer that is none of the signer's own.
func (w witness) byTrace(above, below int) Author {
	for i := below - 1; i > above; i-- {
		f := w.raw.Fields[i]
		if !f.Is("Received") {
			continue
		}
		by := strings.ToLower(mail.ParseTrace(f.Value()).By)
		if by != "" && strings.Contains(by, ".") && by != w.sig.Domain && !strings.HasSuffix(by, "."+w.sig.Domain) {
			return Author{Host: by, Basis: ByTrace, Field: f.Name}
		}
	}
	return Author{}
}
