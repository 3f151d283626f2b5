package triage

import (
	"context"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide"
	"todoku/sender/event"
)

// Diagnose looks at the n groups of failures that weigh most, as the world is now, side by side. Groups of delays that ended well are
// left out, and so is what nobody refused. adapt puts in what is known beside the events; it may be nil.
func (r *Triage) Diagnose(ctx context.Context, env guide.Env, n int, adapt func(*guide.Case)) {
	var wg sync.WaitGroup
	for _, g := range r.ByWeight() {
		if n == 0 || ctx.Err() != nil {
			break
		}
		if !g.diagnosable() {
			continue
		}
		n--
		k := CaseOf(&g.Telling)
		if adapt != nil {
			adapt(k)
		}
		wg.Go(func() { g.Diagnosis = guide.Run(ctx, env, k) })
	}
	wg.Wait()
}

// CaseOf makes the case of a diagnosis of a judged event.
func CaseOf(e *event.Event) *guide.Case {
	k := &guide.Case{Input: e.Diagnostic, Format: e.Format, Reply: e.Reply, From: e.From, MailFrom: e.ReturnPath,
		To: e.Recipient, IP: e.SendingIP,
		Time: e.Time, At: e.Time, Clock: e.Clock, Size: e.Size, Context: codes.Context{Host: e.RemoteMTA, Stage: e.Stage, Event: e.End}}
	if e.OriginalRecipient != "" && !strings.EqualFold(e.OriginalRecipient, e.Recipient) {
		k.To, k.Forwarded = e.OriginalRecipient, e.Recipient
	}
	if e.Verdict != nil {
		k.Verdict = *e.Verdict
	}
	if k.Input == "" {
		k.Input = e.Reply.String()
	}
	said := e.Reply.Text()
	if !k.IP.IsValid() {
		server := ""
		if e.RemoteIP.IsValid() {
			server = e.RemoteIP.String()
		}
		k.IP = paste.SendingIP(said, server)
	}
	if e.From == "" {
		k.MailFrom = guide.SendingDomain(said, e.Recipient)
	}
	k.TakeReturned(e.Returned)
	k.Settle()
	return k
}

// Diagnosable reports whether there is a group that can be diagnosed.
func (r *Triage) Diagnosable() bool { return slices.ContainsFunc(r.Groups, (*Group).diagnosable) }

// diagnosable reports whether a group is of failures that are not over by themselves.
func (g *Group) diagnosable() bool {
	return g.Action.Trouble() && !g.Rest && !g.gone() && g.Telling.Verdict != nil
}
