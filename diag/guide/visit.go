package guide

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"todoku/codes"
	"todoku/diag/mx"
	"todoku/sender/smtp"
)

// maxVisits bounds how many addresses of a domain are visited.
const maxVisits = 4

// Visit is what a receiving server said when it was asked just now.
type Visit struct {
	Host     string
	Address  netip.AddrPort
	Stage    codes.Stage // how far it got
	Reply    codes.Reply // the last one
	Verdict  codes.Verdict
	Size     int64 // the SIZE that it takes, 0 where it does not say
	STARTTLS bool
	TLS      *smtp.TLSState
	TLSErr   error // why encryption did not come about
	Err      error // why there was no reply
	Steps    smtp.Transcript
}

// visitor is what to say there.
type visitor struct {
	to       string // asked for by RCPT; "" ends before MAIL
	plain    bool   // without TLS
	greeting bool   // no further than the greeting
}

// visit asks the hosts of a route, side by side, one address of each.
func (env Env) visit(ctx context.Context, route *mx.Route, v visitor) []Visit {
	var out []Visit
	for _, h := range route.Hosts {
		for _, ip := range h.Addresses.Addrs() {
			if mx.Reachable(ip) && len(out) < maxVisits {
				out = append(out, Visit{Host: h.Name, Address: netip.AddrPortFrom(ip, 25)})
				break
			}
		}
	}
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() { env.talk(ctx, &out[i], v) })
	}
	wg.Wait()
	return out
}

// talk is one visit. It says RCPT and never DATA.
func (env Env) talk(ctx context.Context, at *Visit, v visitor) {
	s, reply, err := smtp.Dial(ctx, at.Address.String(), smtp.Options{Dial: env.Dial, Now: env.Now, Roots: env.Roots, Helo: env.Helo, Host: at.Host, Timeout: env.Timeout})
	goOn := at.heard(env, codes.StageConnect, reply, err)
	if s == nil {
		return
	}
	defer func() {
		s.Quit(ctx)
		at.Steps = s.Transcript()
	}()
	if !goOn || v.greeting {
		return
	}
	hello := func() bool {
		reply, err := s.Hello(ctx)
		return at.heard(env, codes.StageEHLO, reply, err)
	}
	if !hello() {
		return
	}
	at.STARTTLS = s.Offers("STARTTLS")
	if at.STARTTLS && !v.plain {
		reply, err := s.StartTLS(ctx)
		at.TLS = s.TLS()
		if err != nil || reply.Code/100 != 2 {
			if at.TLSErr = err; err == nil {
				at.TLSErr = errors.New(reply.String())
			}
			return
		}
		if !hello() {
			return
		}
	}
	at.Size, _ = strconv.ParseInt(s.Offer("SIZE"), 10, 64)
	if v.to == "" {
		return
	}
	// The null sender: whatever is said now is about the recipient, not about us.
	if reply, err = s.Mail(ctx, "", smtp.MailParams{UTF8: !ascii(v.to)}); !at.heard(env, codes.StageMail, reply, err) {
		return
	}
	reply, err = s.Rcpt(ctx, v.to, nil)
	at.heard(env, codes.StageRcpt, reply, err)
}

// heard notes a reply and reports whether it was a yes.
func (at *Visit) heard(env Env, stage codes.Stage, reply codes.Reply, err error) bool {
	at.Stage, at.Reply, at.Err = stage, reply, err
	if err == nil && env.Codes != nil {
		at.Verdict = env.Codes.Classify(reply, codes.Context{Host: at.Host, Stage: stage})
	}
	return err == nil && reply.Code/100 == 2
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e }) }

// accepted is a visit at which the recipient was taken.
func accepted(list []Visit) *Visit {
	for i := range list {
		if list[i].Stage == codes.StageRcpt && list[i].Err == nil && list[i].Reply.Code/100 == 2 {
			return &list[i]
		}
	}
	return nil
}

// refused is a visit that ended with a reply for one of the reasons.
func refused(list []Visit, classes ...codes.Class) *Visit {
	for i := range list {
		v := &list[i]
		if v.Err != nil || v.Reply.Code < 400 {
			continue
		}
		for _, c := range classes {
			if v.Verdict.Reason.Class == c {
				return v
			}
		}
	}
	return nil
}

// connected is a visit that heard anything at all.
func connected(list []Visit) *Visit {
	for i := range list {
		if list[i].Reply.Code != 0 || list[i].Stage != codes.StageConnect {
			return &list[i]
		}
	}
	return nil
}

// blocked reports whether our own machine or network has no way out.
func blocked(err error) bool {
	for _, errno := range []syscall.Errno{syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EACCES, syscall.EPERM} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
