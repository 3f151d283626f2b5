// Package bimi reads what a domain publishes for Brand Indicators for Message Identification: the assertion record
// (draft-brand-indicators-for-message-identification), the logo in SVG Tiny PS (draft-svg-tiny-ps-abrotman) and the mark
// certificate (draft-fetch-validation-vmc-wchuang, RFC 9399). Text or bytes come in, what they say comes out with all its
// faults and their places. It asks nobody, makes no findings and prints nothing.
package bimi

import (
	"slices"
	"strings"
)

// Preference is what is shown for senders who also have a picture of their own (the tag avp).
type Preference string

// The values of avp; Brand where the tag is not there.
const (
	Brand    Preference = "brand"
	Personal Preference = "personal"
)

// Record is what an assertion record says: valid values only.
type Record struct {
	Text      string     // as published
	Location  string     // l=: where the logo is; "" where none is named
	Authority string     // a=: where the certificate is; "" where none is named
	Avatar    Preference // avp=, Brand by default
	LPS       []string   // the prefixes of lps=
	ByLocal   bool       // lps= is there: the local part is a selector

	hasLocation, hasAuthority bool
	others                    []string // unknown tags, as written
}

// Declined reports whether the domain says that it takes no part: l= and a= are empty (section "Declination to Publish").
func (r *Record) Declined() bool {
	return r.hasLocation && r.Location == "" && r.Authority == ""
}

// String writes the record as it should be published. Unknown tags stay: they may mean something to somebody.
func (r *Record) String() string {
	var b strings.Builder
	b.WriteString(version + "; l=" + r.Location + "; a=" + r.Authority + ";")
	if r.ByLocal {
		b.WriteString(" lps=" + strings.Join(r.LPS, ",") + ";")
	}
	if r.Avatar == Personal {
		b.WriteString(" avp=" + string(Personal) + ";")
	}
	for _, t := range r.others {
		b.WriteString(" " + t + ";")
	}
	return b.String()
}

// Mend writes what a record with faults means; ok is false where that cannot be read, or where something of it would get
// lost. What it offers has no faults of its own.
func Mend(text string) (mended string, ok bool) {
	rec, faults := Parse(text)
	for _, f := range faults {
		switch f.Kind {
		case BadVersion, LeadingSpace, EmptyTag, TagCase, MissingAuthority, AvatarCase, UnknownTag, AuthoritySuffix:
		case Duplicate:
			if !f.same {
				return "", false
			}
		default:
			return "", false
		}
	}
	mended = rec.String()
	if _, faults = Parse(mended); slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind.Breaks() }) {
		return "", false
	}
	return mended, mended != text
}
