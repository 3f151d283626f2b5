// Package alert tells people about incidents, over webhooks and by mail.
//
// A store keeps what is to be told as deliveries (watch.Outbox). A Deliverer takes those whose time has come, makes one Notice of
// all that wait for a channel, and hands it to the channel. What fails is kept and tried again, later each time; after a week it
// is given up, which `watch status` shows. A notice that was taken in, but not marked before the program died, comes twice: both
// have the same id.
//
// The secrets of a channel (the path of a webhook, passwords) stand in no error and no name.
package alert
