// Package collect joins what was told of mails after they were sent to the history of what was sent: a bounce turns an
// accepted mail to an error (90000), a confirmation settles an outcome that nobody knew (40001), delays and complaints
// stand beside the result.
//
//	c := &collect.Collector{History: store, Judge: judge, Now: time.Now}
//	round, err := c.Round(ctx, sources)
//
// A record belongs to the sending that it names: by its ENVID, a VERP address or its Message-ID; else to what was sent to
// its recipient at that time. What belongs to none is kept with the reason (history.Unmatched).
//
// What was read is written down together with how far it was read. A crash loses nothing, since the rest is read again, and
// counts nothing twice, since the history knows what it has. Mails are moved or deleted only when that is on the disk.
package collect
