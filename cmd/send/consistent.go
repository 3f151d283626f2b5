package send

import (
	"slices"
	"strings"

	"todoku/codes"
)

// flagRule is what two flags of send mean for each other. Names stand for what given knows; several stand with ", "
// between them, of which one is enough.
type flagRule struct {
	first, second string // as they are told
	needs         bool   // the first needs the second; else they exclude each other
	orSecond      string // counts as the second, and is not told
	unless        string // with these, the rule does not hold
}

// flagRules are asked in this order.
var flagRules = [...]flagRule{
	{first: "--eml", second: "--subject, --body, --html, --attach, --header, --list-unsubscribe, --reply-to"},
	{first: "--resend", second: "--to, --cc, --bcc, --recipients"},
	{first: "--resend", second: "--eml, --subject, --body", orSecond: "--html, --attach, --header, --list-unsubscribe, --reply-to"},
	{first: "--resend", second: "--no-history"},
	{first: "--resend", second: "--dkim-key"},
	{first: "--recipients", second: "--to, --cc, --bcc"},
	{first: "--continue", second: "--recipients", needs: true, unless: "--continue=ID"},
	{first: "--continue=ID", second: "--yes", needs: true, unless: "--recipients, --dry-run"},
	{first: "--continue=ID", second: "--to, --cc, --bcc"},
	{first: "--continue=ID", second: "--dry-run", unless: "--recipients"},
	{first: "--continue", second: "--resend"},
	{first: "--continue", second: "--no-history"},
	{first: "--continue", second: "--quit-after"},
	{first: "--dry-run", second: "--quit-after"},
	{first: "--expect-in", second: "--dry-run, --quit-after, --recipients, --continue=ID"},
	{first: "--expect-for, --expect-password-file", second: "--expect-in", needs: true},
	{first: "--resend", second: "--quit-after"},
	{first: "--user", second: "--via", needs: true},
	{first: "--password-file", second: "--user", needs: true, unless: "--via USER@"},
	{first: "--xoauth2", second: "--user", needs: true, unless: "--via USER@"},
	{first: "--one-click", second: "--list-unsubscribe", needs: true},
	{first: "--dkim-key", second: "--dkim-selector", needs: true},
	{first: "--dkim-selector, --dkim-domain", second: "--dkim-key", needs: true},
	{first: "--port", second: "--via"},
	{first: "--verp", second: "--errors-to '<>'"},
	{first: "--notify-errors", second: "--errors-to '<>'"},
}

// given tells which flags were given, by the names that flagRules have for them.
func (m *options) given() map[string]bool {
	return map[string]bool{
		"--to": len(m.to) > 0, "--cc": len(m.cc) > 0, "--bcc": len(m.bcc) > 0, "--recipients": m.recipients != "",
		"--eml": m.eml != "", "--subject": m.subject != "", "--body": m.body != "", "--html": m.html != "",
		"--attach": len(m.attach) > 0, "--header": len(m.headers) > 0, "--reply-to": len(m.replyTo) > 0,
		"--list-unsubscribe": len(m.unsubscribe) > 0, "--one-click": m.oneClick,
		"--dkim-key": m.dkim.key != "", "--dkim-selector": m.dkim.selector != "", "--dkim-domain": m.dkim.domain != "",
		"--via": m.via.Host != "", "--via USER@": m.via.User != "", "--user": m.user != "", "--port": m.port != 0,
		"--password-file": m.passwordFile != "", "--xoauth2": m.bearer, "--verp": m.verp, "--notify-errors": m.notifyErrors,
		"--errors-to '<>'": m.errorsTo.given && m.errorsTo.IsZero(), "--no-history": m.history.Off,
		"--resend": m.resend != "", "--continue": m.resume.given, "--continue=ID": m.resume.list != "",
		"--expect-in": len(m.expect.in) > 0, "--expect-for": m.expect.patience != defaultPatience,
		"--expect-password-file": m.expect.passwordFile != "", "--dry-run": m.dryRun, "--quit-after": m.quitAfter != "", "--yes": m.yes,
	}
}

// check refuses flags that do not go together. The error is a *codes.UserError.
func (m *options) check() error {
	given := m.given()
	has := func(names string) bool {
		return slices.ContainsFunc(strings.Split(names, ", "), func(name string) bool { return given[name] })
	}
	for _, r := range flagRules {
		if !has(r.first) || has(r.unless) || (has(r.second) || has(r.orSecond)) == r.needs {
			continue
		}
		says := codes.Text{EN: "{first} and {second} exclude each other", JA: "{first} と {second} は同時に指定できません"}
		if r.needs {
			says = codes.Text{EN: "{first} needs {second}", JA: "{first} には {second} も必要です"}
		}
		return codes.Wrong(codes.Say(says, codes.Str("first", r.first), codes.Str("second", r.second)), codes.Message{})
	}
	if err := m.expect.check(); err != nil {
		return err
	}
	if !has("--resend, --recipients, --continue=ID, --to, --cc, --bcc") {
		return codes.Wrong(codes.Say(codes.Text{EN: "there is no recipient", JA: "宛先がありません"}),
			codes.Say(codes.Text{EN: "give --to ADDR, --recipients FILE or --resend ID", JA: "--to ADDR、--recipients FILE、--resend ID のいずれかを指定してください"}))
	}
	return nil
}
