package dkim

import "todoku/sender/mail"

// DKIM2Signature is a field of DKIM2, a draft that is no standard (draft-clayton-dkim2-spec). It is recognised, not judged.
type DKIM2Signature struct {
	Field    mail.RawField
	Domain   string // d=, as written
	Instance string // i=, the place in the chain, as written
}

// DKIM2 lists the DKIM2-Signature fields of a mail from the top.
func DKIM2(raw mail.Raw) (list []DKIM2Signature) {
	for _, f := range raw.All("DKIM2-Signature") {
		if len(list) == maxSignatures {
			break
		}
		tags, _ := ParseTags(string(f.RawValue()))
		s := DKIM2Signature{Field: f}
		s.Domain, _ = tags.Get("d")
		s.Instance, _ = tags.Get("i")
		list = append(list, s)
	}
	return list
}
