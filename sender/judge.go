package sender

import (
	"errors"
	"net/netip"
	"time"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/smtp"
)

// Classifier tells what a reply means; *codes.Catalogue does.
type Classifier interface {
	Classify(codes.Reply, codes.Context) codes.Verdict
}

// ending is how a session with one server ended, or an attempt with all of them.
type ending int

// The endings, from the least telling to the most: of several servers the
// highest decides the attempt.
const (
	broken         ending = iota // no connection, or it was lost or silent before all was said
	refused                      // 5xx
	deferred                     // 4xx: it may yet come right
	cannotAsk                    // the route could not be found out
	noRoute                      // there is none
	cannotContinue               // the mail needs what the server does not offer, or our side cannot go on
	stopped                      // ended where QuitAfter wants it
	outcomeUnknown               // after the final dot, without a 2xx, 4xx or 5xx: nobody here knows
	delivered
)

// end is an ending with all that is known about it.
type end struct {
	ending
	stage     codes.Stage
	reply     codes.Reply
	host      string
	at        netip.AddrPort
	err       error
	took      time.Duration
	connected bool // there was a connection
	relay     bool // with our own relay
}

// atRelay reports whether it ended between us and our relay, which knows nothing of the recipient before RCPT.
func (e end) atRelay() bool {
	switch e.ending {
	case delivered, stopped, outcomeUnknown:
		return false
	}
	switch e.stage {
	case codes.StageConnect, codes.StageEHLO, codes.StageSTARTTLS, codes.StageAuth, codes.StageMail:
		return e.relay
	}
	return false
}

// lack is what ends a session for cannotContinue.
func (e end) lack() codes.Lack {
	switch {
	case errors.Is(e.err, ErrNoTLS):
		return codes.LackTLS
	case errors.Is(e.err, ErrNoUTF8):
		return codes.LackUTF8
	case errors.Is(e.err, ErrNo8Bit):
		return codes.Lack8Bit
	}
	return codes.LackLogin
}

// endOfRoute is how an attempt ends for which FindRoute gave an error.
func endOfRoute(err error) end {
	var none *NoRouteError
	if errors.As(err, &none) {
		return end{ending: noRoute, err: err}
	}
	return end{ending: cannotAsk, err: err}
}

// temporary reports whether another attempt may end otherwise, and cannot bring
// a second copy: what ended after the final dot is never tried again by itself.
func (e end) temporary() bool {
	return e.ending == broken || e.ending == deferred || e.ending == cannotAsk
}

// tryNextServer reports whether the next server is worth asking at once. What is
// said about sender, recipient or message holds for all of them.
func (e end) tryNextServer() bool {
	switch e.ending {
	case broken: // before the final dot: it has not been taken
		return true
	case refused, deferred:
		return e.stage == codes.StageConnect || e.stage == codes.StageEHLO || e.stage == codes.StageSTARTTLS
	}
	return false
}

// weight orders the endings of several servers by what they tell.
func (e end) weight() int {
	w := int(e.ending) * 4
	if e.connected {
		w += 2
	}
	if !e.ours() {
		w++
	}
	return w
}

// judge gives the delivery code and its meaning. after is how long the mail has
// been waiting, attempts how often it was tried.
func judge(c Classifier, e end, attempts int, after time.Duration) (codes.Verdict, history.Result, codes.Event) {
	ctx := codes.Context{Host: e.host, Stage: e.stage, After: e.took, Relay: e.atRelay()}
	result := history.Failed
	switch e.ending {
	case delivered:
		ctx.Event, result = codes.EventDelivered, history.OK
	case outcomeUnknown: // counted as delivered: a resend might double it
		ctx.Event, ctx.Stage = codes.EventTimeout, codes.StageBody
		return c.Classify(codes.Reply{}, ctx), history.OK, codes.EventTimeout
	case stopped:
		return codes.Verdict{}, history.OK, codes.EventReply
	case cannotContinue:
		ctx.Lack = e.lack()
		return c.Classify(codes.Reply{}, ctx), history.Failed, codes.EventReply
	case noRoute, cannotAsk:
		ctx.Event = codes.EventNoRoute
	case broken:
		ctx.Event, ctx.After = codes.EventDeadline, after
	case deferred:
		if attempts > 1 { // retried until the deadline
			ctx.Event, ctx.After = codes.EventDeadline, after
		}
	}
	return c.Classify(e.judgedReply(attempts), ctx), result, ctx.Event
}

// judgedReply is what is to be judged: the server's reply, or the enhanced code that
// RFC 3463 has for what happened instead.
func (e end) judgedReply(attempts int) codes.Reply {
	status := func(class, subject, detail int) codes.Reply {
		return codes.Reply{Enhanced: codes.Enhanced{Class: class, Subject: subject, Detail: detail}}
	}
	var none *NoRouteError
	var broke *smtp.Error
	switch {
	case e.ending == noRoute && errors.As(e.err, &none):
		if none.Reason == NoSuchDomain {
			return status(5, 1, 2)
		}
		return status(5, 1, 10) // RFC 7505 §4.2
	case e.ending == cannotAsk:
		return status(4, 4, 3)
	case e.ending != broken:
		return e.reply
	case errors.As(e.err, &broke) && broke.Kind == smtp.KindTLS:
		return status(4, 7, 5)
	case attempts > 1:
		return codes.Reply{} // tried until the deadline
	case e.connected:
		return status(4, 4, 2)
	}
	return status(4, 4, 1)
}

// ours reports whether the fault may lie on our side of the wire, so that it
// says nothing about the address: DNS that gave no answer, a network without a
// way out, and silence instead of a connection, which a blocked port 25 looks like.
func (e end) ours() bool {
	switch e.ending {
	case cannotAsk, cannotContinue:
		return true
	case refused, deferred:
		return e.atRelay()
	case broken:
		return e.atRelay() || !e.connected && e.err != nil && (smtp.NoWayOut(e.err) || smtp.TimedOut(e.err))
	}
	return false
}
