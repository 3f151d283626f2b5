// Package altered finds out what changed in a mail after it was signed with DKIM (RFC 6376), and who probably did it.
//
// It undoes what lists, gateways and servers are known to do to mails (a footer, another transfer encoding, a prefix of the
// subject …), one thing or two at a time, and looks whether the body hash (bh=) or the signature (b=) then holds. Where it does, the
// change is certain: no other text has this hash. What only looks like a change is told as not certain.
//
// Body and header are independent of each other: b= covers the field DKIM-Signature with its bh=, so the header can hold where
// the body does not, and the other way round. An RSA signature even gives back the hash of the header that was signed.
package altered
