package arc

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"todoku/diag/dkim"
	"todoku/diag/resolve"
)

// keyName is where a key lies.
type keyName struct{ selector, domain string }

// key is the place of the signature's key; DNS knows no case.
func (s *signed) key() keyName {
	return keyName{strings.ToLower(s.Selector), strings.ToLower(s.Domain)}
}

// keyAnswer is what DNS has under a name.
type keyAnswer struct {
	dkim.KeyAnswer
	bits int // of the first key
}

// askKeys asks for all keys at once; the resolver decides how many questions go out together.
func askKeys(ctx context.Context, dns resolve.Resolver, names []keyName) map[keyName]keyAnswer {
	answers := make([]keyAnswer, len(names))
	var wg sync.WaitGroup
	for i, n := range names {
		wg.Go(func() {
			a := dkim.FetchKey(ctx, dns, n.selector, n.domain)
			answers[i] = keyAnswer{KeyAnswer: a}
			if len(a.Keys) > 0 {
				answers[i].bits = a.Keys[0].Bits
			}
		})
	}
	wg.Wait()
	out := map[keyName]keyAnswer{}
	for i, n := range names {
		out[n] = answers[i]
	}
	return out
}

// verify holds a signature against all keys under the name: it holds where one of them verifies it. Else the reason is
// dkim.SignatureMismatch where a key was fit for it, or what is wrong with the first key.
func (k keyAnswer) verify(alg dkim.Algorithm, sum [32]byte, sig []byte) (reason dkim.Reason) {
	if k.Reason != "" {
		return k.Reason
	}
	for _, key := range k.Keys {
		switch unfit := key.Unfit(alg); {
		case unfit != "":
			reason = cmp.Or(reason, unfit)
		case key.Verify(alg, sum, sig) == nil:
			return ""
		default:
			reason = dkim.SignatureMismatch
		}
	}
	return reason
}
