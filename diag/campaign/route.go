package campaign

import (
	"context"
	"errors"

	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// maxErrs is how many domains of which DNS tells nothing are named.
const maxErrs = 3

// route finds who takes the mail of a domain: the provider of its MX of now, whatever its name says. One question is asked; where
// there is no MX, those for the domain's own addresses (RFC 5321 §5.1).
func (c *Census) route(ctx context.Context, env diag.Env, d *domainShare) {
	answer, err := env.DNS.Ask(ctx, d.name, resolve.TypeMX)
	switch {
	case err != nil:
		d.fault = FaultUnknown
		c.missed(err)
	case answer.Status == resolve.Found:
		d.fault, d.id = c.recognise(env.Providers, answer)
	case answer.NoSuchName():
		d.fault = FaultNoDomain
	default:
		switch host := resolve.AskHost(ctx, env.DNS, d.name); {
		case len(host.Addrs()) > 0:
		case host.Err() != nil:
			d.fault = FaultUnknown
			c.missed(host.Err())
		default:
			d.fault = FaultNoMX
		}
	}
	if c.options.Progress != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.options.Progress(1)
	}
}

// recognise finds the provider of MX records: that of the best host which is known.
func (c *Census) recognise(known *provider.Catalogue, a resolve.Answer) (Fault, string) {
	hosts := mx.Sorted(a.Records)
	if len(hosts) == 1 && hosts[0].Host == "." {
		return FaultNullMX, ""
	}
	for _, h := range hosts {
		if p, ok := known.ByMX(h.Host); ok {
			return "", p.ID
		}
	}
	return "", ""
}

// missed keeps what DNS did not tell, of the first domains.
func (c *Census) missed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.errs++; c.errs <= maxErrs {
		c.Err = errors.Join(c.Err, err)
	}
}
