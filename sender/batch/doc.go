// Package batch sends many mails, or one: it makes the mail of each recipient, leaves out addresses that are marked
// invalid, writes a list down before its first mail goes out, resumes a list that was interrupted, and counts how the
// mails ended. It has no words for users.
//
// The caller fills in a Batch and calls, in this order:
//
//  1. SetRecipients, or Resend for one mail of the history;
//  2. LeaveOutInvalid: removes invalid addresses, or refuses one that was named;
//  3. Enlist, where there are several mails: writes the list down, or finds the list to resume. A dry run calls
//     LeaveOutSent instead;
//  4. Run: makes each mail and hands it to a Deliverer (*sender.Deliverer, or DryRun, which sends nothing);
//  5. Standing, for a list: how all its mails stand now.
//
// Nobody gets a mail twice by accident. A list is known by the digests of its recipients and of its mail. One that
// would send the same mail to the same person again is refused with a *ResumeError.
package batch
