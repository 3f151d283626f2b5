package content

import (
	"net/url"
	"slices"
	"strings"

	"todoku/sender/mail"
)

// Unsubscribe is what the header of a mail says about getting no more of it (RFC 2369 §3.2, RFC 8058).
type Unsubscribe struct {
	Fields   int      `json:"fields"`      // List-Unsubscribe; more than one is not allowed
	Posts    int      `json:"post_fields"` // List-Unsubscribe-Post
	URIs     []string `json:"uris"`        // as they stand between angle brackets
	HTTPS    string   `json:"https"`       // the first of them; "" for none
	HTTP     string   `json:"http"`
	Mailto   string   `json:"mailto"`
	Said     string   `json:"said"`      // value of List-Unsubscribe-Post
	OneClick bool     `json:"one_click"` // both fields are right: an https address that takes the POST (RFC 8058 §3.1)
	Signed   Signed   `json:"signed"`    // both fields are under a valid DKIM signature
	Faults   []string `json:"faults"`    // syntax: "no_brackets", "empty", "bad_uri", "spaces"
	InText   bool     `json:"in_text"`   // the text has a way too
}

// Signed is what is known about the DKIM signature of the two fields (RFC 8058 §4).
type Signed string

// The answers.
const (
	SignedUnknown Signed = ""    // nobody looked at signatures
	SignedYes     Signed = "yes" // both
	SignedNo      Signed = "no"
)

const (
	maxURIs = 20
	maxURI  = 2000 // octets
)

// readUnsubscribe reads the two fields.
func readUnsubscribe(e *mail.Entity, signed [][]string) Unsubscribe {
	fields, post := e.All("List-Unsubscribe"), e.All("List-Unsubscribe-Post")
	u := Unsubscribe{Fields: len(fields), Posts: len(post), URIs: []string{}, Faults: []string{}}
	if len(fields) > 0 {
		u.read(fields[0])
	}
	if len(post) > 0 {
		u.Said = cut(post[0], 200)
	}
	u.OneClick = u.Fields == 1 && u.Posts == 1 && u.HTTPS != "" && isOneClick(u.Said)
	if signed != nil && u.Fields > 0 {
		u.Signed = SignedNo
		if slices.ContainsFunc(signed, func(names []string) bool {
			return covers(names, "List-Unsubscribe") && (u.Posts == 0 || covers(names, "List-Unsubscribe-Post"))
		}) {
			u.Signed = SignedYes
		}
	}
	return u
}

func covers(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), name) })
}

// isOneClick reports the only value of List-Unsubscribe-Post (RFC 8058 §3.1).
func isOneClick(s string) bool { return strings.TrimSpace(s) == "List-Unsubscribe=One-Click" }

// read takes the URIs of a field: each in angle brackets, with commas between them (RFC 2369 §2).
func (u *Unsubscribe) read(value string) {
	fault := func(f string) {
		if !slices.Contains(u.Faults, f) {
			u.Faults = append(u.Faults, f)
		}
	}
	rest := strings.TrimSpace(value)
	if rest == "" {
		fault("empty")
		return
	}
	for rest != "" && len(u.URIs) < maxURIs {
		before, after, ok := strings.Cut(rest, "<")
		if left := strings.Trim(outsideComments(before), " \t,"); left != "" {
			fault("no_brackets")
			if !ok {
				u.take(strings.Trim(left, "<>"), fault)
			}
		}
		if !ok {
			break
		}
		uri, next, closed := strings.Cut(after, ">")
		if !closed {
			fault("no_brackets")
		}
		u.take(uri, fault)
		rest = next
	}
	if len(u.URIs) == 0 {
		fault("empty")
	}
}

// outsideComments is a text without what stands in parentheses.
func outsideComments(s string) string {
	for {
		before, after, ok := strings.Cut(s, "(")
		if !ok {
			return s
		}
		_, after, _ = strings.Cut(after, ")")
		s = before + after
	}
}

// take keeps one URI. Blanks in it come from folding, which RFC 2369 §2 lets readers drop; some do not.
func (u *Unsubscribe) take(uri string, fault func(string)) {
	clean := strings.Join(strings.Fields(uri), "")
	if clean != strings.TrimSpace(uri) {
		fault("spaces")
	}
	if clean == "" {
		fault("empty")
		return
	}
	u.URIs = append(u.URIs, cut(clean, maxURI))
	scheme, _, _ := strings.Cut(clean, ":")
	parsed, err := url.Parse(clean)
	switch {
	case len(clean) > maxURI, err != nil && !strings.ContainsAny(clean, "{}%|"):
		fault("bad_uri")
		return
	}
	keep := func(to *string) {
		if *to == "" {
			*to = clean
		}
	}
	switch strings.ToLower(scheme) {
	case "https":
		if err == nil && parsed.Host != "" {
			keep(&u.HTTPS)
			return
		}
	case "http":
		if err == nil && parsed.Host != "" {
			keep(&u.HTTP)
			return
		}
	case "mailto":
		if strings.Contains(clean, "@") {
			keep(&u.Mailto)
			return
		}
	}
	fault("bad_uri")
}
