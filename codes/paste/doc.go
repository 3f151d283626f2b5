// Package paste reads a reply, and the facts beside it, out of text that somebody pasted: a bare reply, a line of a
// log, a notice of a mail system, the transcript of a session, or a whole bounce. What the reply means, package codes
// knows.
//
//	found := paste.Parse(text)
//	verdict := catalogue.Classify(found.Reply, found.Context)
//
// Parse never fails. It works in these steps:
//
//  1. clean gives every text one form: line ends, full-width digits, escapes of HTML and JSON, quote marks of mails.
//  2. cutFields takes out the fields of a delivery status notification (RFC 3464), if the text has them.
//  3. read tries the formats (Postfix, Exim, Gmail, a transcript …) in order; the first that fits gives recipient,
//     server and stage.
//  4. findReplies finds the reply codes in what the server said. A number in a sentence is not one: see isReplyStart.
//  5. result chooses the reply that decided, and fills in what is still missing.
package paste
