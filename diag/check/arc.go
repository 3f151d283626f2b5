package check

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/arc"
	"todoku/sender/mail"
)

// ARCOptions is what the ARC check looks at.
type ARCOptions struct {
	Mail mail.Raw // without a field: there is nothing to look at
}

// ARC looks at what the servers on the way said of a mail (RFC 8617), and whether their chain holds. A chain that does not
// never makes the mail fail (§7.2.1): receivers then judge the mail as if it had none.
func ARC(o ARCOptions) *diag.Check {
	return &diag.Check{
		Name:  "arc",
		Title: codes.Text{EN: "ARC", JA: "ARC"},
		Rules: []*diag.Rule{ARCBroken, ARCFailedBefore, ARCChanged},
		Run:   func(ctx context.Context, p *diag.Pass) error { return runARC(ctx, p, o) },
	}
}

func runARC(ctx context.Context, p *diag.Pass, o ARCOptions) error {
	chain := arc.Validate(ctx, p.DNS, o.Mail)
	facts := newARCFacts(&chain)
	p.Facts(facts)
	judgeARC(p, &chain, facts)
	fields := codes.Text{EN: "header fields", JA: "ヘッダー"}
	return errors.Join(chain.Err, diag.Beyond(p.Domain(), "ARC", fields, mail.MaxRawFields, o.Mail.Over))
}

// judgeARC reports what is wrong with the chain; of one that holds, after which server the mail was changed.
func judgeARC(p *diag.Pass, c *arc.Chain, facts *ARCFacts) {
	if c.Result == arc.Fail {
		rule := ARCBroken
		if c.Faults[0].Declared() {
			rule = ARCFailedBefore
		}
		f := c.Faults[0]
		p.Report(rule, cmp.Or(sealer(c, f.Instance), p.Domain()), codes.Num("instance", f.Instance), codes.Num("count", c.Found),
			codes.Str("reason", string(f.Reason)), codes.Words("problem", arcFault(f)),
			codes.Str("host", arcServer(c, f.Instance)))
		return
	}
	oldest, told := c.OldestPass()
	if before := oldest - 1; told && before > 0 && c.Changed() == before {
		p.Report(ARCChanged, cmp.Or(sealer(c, oldest), p.Domain()), codes.Num("instance", before),
			codes.Str("before", arcServer(c, before)), codes.Str("after", arcServer(c, oldest)),
			codes.Words("what", arcChange(facts.Sets[before-1].AMS.Reasons)))
	}
}

// sealer is the domain that sealed a set; "" where it has no seal.
func sealer(c *arc.Chain, instance int) string {
	for i := range c.Sets {
		if c.Sets[i].Instance == instance {
			return c.Sets[i].Seal.Domain
		}
	}
	return ""
}

// arcServer names who made a set: the domain of its seal, the server of its AAR, or its number.
func arcServer(c *arc.Chain, instance int) string {
	for i := range c.Sets {
		if s := &c.Sets[i]; s.Instance == instance {
			return cmp.Or(s.Seal.Domain, s.Message.Domain, s.Server, "i="+strconv.Itoa(instance))
		}
	}
	return "i=" + strconv.Itoa(instance)
}
