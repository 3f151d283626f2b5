// Package aggregate reads the reports that receivers send about the mail of a domain: aggregate reports of DMARC (RFC 7489
// Appendix C, RFC 9990) and reports about TLS (TLS-RPT, RFC 8460).
//
//	err := aggregate.Read(ctx, r, "google.zip", aggregate.Options{}, func(rep aggregate.Report) error {
//		if rep.DMARC != nil { … }
//		return nil
//	})
//
// An input is what a receiver sent, in whatever cover it came: XML or JSON, packed with gzip, zip or tar, in a mail, many
// mails in an mbox. What it is decides its content, never its name or declared type. Elements of XML count by their names,
// in any namespace or none, so that old drafts are read too.
//
// Nothing that is odd stops the reading. It is told as a Fault of the report, and Fault.Lost says when something is missing
// from what was read. An error is only that of the reader or of the caller.
package aggregate
