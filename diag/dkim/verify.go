package dkim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// Options are the clock and the bounds of a Verifier.
type Options struct {
	Now           time.Time // against which x= and t= are held; zero: the time of each call
	MaxSignatures int       // that are judged, from the top of the mail; 0: 32
}

const maxSignatures = 32

// Verifier judges the signatures of mails. It keeps the keys that it has read, so that one for many mails is faster than
// many. It is safe for concurrent use.
type Verifier struct {
	dns  resolve.Resolver
	opt  Options
	keys keyCache
	work sync.Pool // of *work
}

// NewVerifier makes a Verifier that asks dns for keys.
func NewVerifier(dns resolve.Resolver, opt Options) *Verifier {
	if opt.MaxSignatures <= 0 {
		opt.MaxSignatures = maxSignatures
	}
	return &Verifier{dns: dns, opt: opt}
}

// Report is what the signatures of one mail say.
type Report struct {
	Signatures []*Signature // from the top; empty for a mail without any
	Over       int          // signatures beyond Options.MaxSignatures, which were not judged
	Cut        bool         // the mail has more fields than were read: no signature can pass or mismatch, they are neutral
}

// Passed reports whether a signature passes.
func (r *Report) Passed() bool {
	for _, s := range r.Signatures {
		if s.Result == Pass {
			return true
		}
	}
	return false
}

// Verify judges the signatures of one mail. See Verifier.Verify.
func Verify(ctx context.Context, dns resolve.Resolver, raw mail.Raw, opt Options) Report {
	return NewVerifier(dns, opt).Verify(ctx, raw)
}

// Verify judges each DKIM-Signature of a mail (RFC 6376 §6.1), and tells all reasons for which it does not count. Where ctx
// ends, keys are unknown.
func (v *Verifier) Verify(ctx context.Context, raw mail.Raw) Report {
	now := v.opt.Now
	if now.IsZero() {
		now = time.Now()
	}
	report := Report{Cut: raw.Over > 0}
	for i, f := range raw.Fields {
		switch {
		case !f.Is("DKIM-Signature"):
		case len(report.Signatures) == v.opt.MaxSignatures:
			report.Over++
		default:
			s := parseSignature(f, now)
			s.Index = i
			report.Signatures = append(report.Signatures, s)
		}
	}
	if len(report.Signatures) == 0 {
		return report
	}
	v.fetch(ctx, report.Signatures)
	w, _ := v.work.Get().(*work)
	if w == nil {
		w = &work{hash: sha256.New()}
	}
	defer v.work.Put(w)
	w.bodies(report.Signatures, raw.Body)
	for _, s := range report.Signatures {
		w.judge(s, raw)
		s.finish(report.Cut)
	}
	return report
}

// FetchKey is like the function, with the keys that the Verifier has read already.
func (v *Verifier) FetchKey(ctx context.Context, selector, domain string) KeyAnswer {
	return fetchKey(ctx, v.dns, selector, domain, v.keys.read)
}

// fetch asks for the keys of all signatures at once, each once.
func (v *Verifier) fetch(ctx context.Context, list []*Signature) {
	var first []*Signature
	for _, s := range list {
		if isDomain(s.Domain, 2) && isDomain(s.Selector, 1) && s.twin(first) == nil {
			first = append(first, s)
		}
	}
	if len(first) == 1 {
		first[0].Answer = v.FetchKey(ctx, first[0].Selector, first[0].Domain)
	} else {
		var all sync.WaitGroup
		for _, s := range first {
			all.Go(func() { s.Answer = v.FetchKey(ctx, s.Selector, s.Domain) })
		}
		all.Wait()
	}
	for _, s := range list {
		if t := s.twin(first); t != nil {
			s.Answer = t.Answer
		}
	}
}

// twin is a signature of the list with the same key; nil for none.
func (s *Signature) twin(list []*Signature) *Signature {
	for _, o := range list {
		if o.Selector == s.Selector && o.Domain == s.Domain {
			return o
		}
	}
	return nil
}

// judge holds a signature against its key and the mail.
func (w *work) judge(s *Signature, raw mail.Raw) {
	fields, absent := selectFields(w.fields[:0], raw, s.Signed, s.Index)
	w.fields, s.Absent = fields, absent
	if s.Computed != nil && s.BodyHash != nil {
		if s.Limited && s.Unsigned < 0 {
			s.add(LengthExceedsBody)
		} else if !bytes.Equal(s.Computed, s.BodyHash) {
			s.add(BodyHashMismatch)
		} else {
			s.held = true
		}
	}
	s.Unsigned = max(s.Unsigned, 0)
	if s.add(s.Answer.Reason); len(s.Answer.Keys) == 0 {
		return
	}
	var sum *[32]byte
	if s.shown && s.signature != nil {
		w.header = s.appendHeader(w.header[:0], fields)
		sum = new([32]byte)
		*sum = sha256.Sum256(w.header)
	}
	var least []Reason
	for i, k := range s.Answer.Keys {
		reasons, verified := s.against(k, sum)
		if i == 0 || len(reasons) < len(least) {
			s.Key, s.verified, least = k, verified, reasons
		}
		if verified && len(reasons) == 0 {
			break
		}
	}
	for _, r := range least {
		s.add(r)
	}
}

// against lists what speaks against a signature beside a key. sum is of the signed header, nil where it is not known.
func (s *Signature) against(k *Key, sum *[32]byte) (reasons []Reason, verified bool) {
	if k.Strict() && s.identityDomain() != s.Domain {
		reasons = append(reasons, IdentityDiffers)
	}
	if s.Algorithm.KeyType() == "" { // nothing can be said of the rest
		if k.Revoked {
			reasons = append(reasons, KeyRevoked)
		}
		return reasons, false
	}
	if unfit := k.unfit(s.Algorithm); len(unfit) > 0 {
		return append(reasons, unfit...), false
	}
	if sum == nil || s.Algorithm == RSASHA1 {
		return reasons, false
	}
	if verified = k.Verify(s.Algorithm, *sum, s.signature) == nil; !verified {
		reasons = append(reasons, SignatureMismatch)
	}
	return reasons, verified
}

// finish makes the result. What was not looked at is no pass: a signature without a reason was verified.
func (s *Signature) finish(cut bool) {
	if cut && (len(s.Reasons) == 0 || s.Reasons[0] == SignatureMismatch) {
		s.Result, s.Reasons = Neutral, nil
		return
	}
	if len(s.Reasons) == 0 && !(s.held && s.verified) {
		s.add(MalformedSignature)
	}
	if len(s.Reasons) > 0 {
		s.Reason = s.Reasons[0]
	}
	s.Result = s.Reason.Result()
}
