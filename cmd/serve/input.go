package serve

import (
	"net/netip"
	"path/filepath"
	"strings"
	"unicode"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/codes"
	"todoku/codes/paste"
)

// details are what a visitor tells besides the text.
type details struct {
	from, to, ip, selector string
	receiving              bool // of a domain, also its mail servers and web servers are visited
}

// kind is what a text is.
type kind string

const (
	kindDomain  kind = "domain"
	kindAddress kind = "address"
	kindWord    kind = "word" // a code, the id of a rule, a word
	kindText    kind = "text" // a reply, lines of a log, a bounce
)

// kindOf tells what was typed.
func kindOf(c *codes.Catalogue, s string) kind {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		if len(strings.Fields(s)) <= 4 && paste.Parse(s).Reply.Code == 0 && !strings.Contains(s, "\n") {
			return kindWord
		}
		return kindText
	}
	if _, known := c.Delivery(s); known {
		return kindWord
	}
	if codes.PlaceAddr.Takes(s) {
		return kindAddress
	}
	if _, err := netip.ParseAddr(s); err == nil || strings.Trim(s, "0123456789.") == "" {
		return kindWord
	}
	if _, err := app.ParseDomain(s); err == nil && strings.Contains(strings.Trim(s, "."), ".") {
		return kindDomain
	}
	return kindWord
}

// isIP reports whether a text is an address of a machine.
func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// jobFor makes the command line for what was typed. The error is a *codes.UserError.
func jobFor(c *codes.Catalogue, s string, d details) (job, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if s == "" {
		return job{}, codes.Wrong(codes.Say(codes.Text{EN: "there is nothing to look at", JA: "調べる対象が入力されていません"}),
			codes.Say(codes.Text{EN: "type a domain, a code or an address, or paste what the server said", JA: "ドメイン、コード、アドレスを入力するか、サーバーの応答を貼り付けてください"}))
	}
	if isIP(s) {
		return job{}, codes.Wrong(codes.Say(codes.Text{EN: "an IP address alone cannot be looked at", JA: "IPアドレスだけでは調べられません"}),
			codes.Say(codes.Text{EN: "type the domain that sends from it; the IP address has its own field below",
				JA: "送信元のドメインを入力してください(IPアドレスは「送信元IPアドレス」に入力します)"}))
	}
	k := kindOf(c, s)
	told := d.from+d.to+d.ip+d.selector != ""
	switch {
	case k == kindDomain:
		return domainJob(s, d)
	case k == kindAddress:
		return job{title: codes.Text{EN: "Can this address receive mail?", JA: "宛先アドレスの検査"}, subject: s, inWorld: true,
			command: codes.Todoku("check", "recipient", "ADDR").With(codes.PlaceAddr, s), formats: report.Reports.Formats()}, nil
	case k == kindWord && !told:
		return explainJob(s), nil
	}
	return diagnoseJob(s, d)
}

// given adds a flag whose value is given, in the form of its place.
func given(c codes.Command, template codes.Command, place codes.Place, flag, value string) (codes.Command, error) {
	if value == "" {
		return c, nil
	}
	if !place.Takes(value) {
		return c, codes.At(flag, codes.Wrong(codes.Say(codes.Text{EN: "{value} cannot be used there", JA: "{value} はこの項目に使用できません"}, codes.QuotedStart("value", value, 60)), codes.Message{}))
	}
	return c.And(codes.Command{Args: template.Args}.With(place, value)), nil
}

// domainJob checks a domain.
func domainJob(name string, d details) (j job, err error) {
	c := codes.Todoku("check", "domain", "DOMAIN").With(codes.PlaceDomain, app.Narrow(name))
	if d.receiving {
		c = c.And(codes.Todoku("--receiving"))
	}
	if c, err = given(c, codes.Todoku("--ip", "IP"), codes.PlaceIP, "IP", d.ip); err != nil {
		return j, err
	}
	c, err = given(c, codes.Todoku("--selector", "NAME"), codes.PlaceSelector, "DKIM", d.selector)
	return job{title: codes.Text{EN: "What the domain says about its mail", JA: "ドメインの検査"}, subject: name, inWorld: true,
		command: c, formats: report.Reports.Formats()}, err
}

// explainJob looks up a word.
func explainJob(s string) job {
	c := codes.Todoku("explain", "REPLY").With(codes.PlaceReply, s)
	if c.HasOpen(codes.PlaceReply) {
		c = codes.Todoku("explain", "-")
	}
	return job{title: codes.Text{EN: "What it means", JA: "意味と対処"}, subject: s, command: c, text: s,
		formats: report.Explanations.Formats()}
}

// diagnoseJob goes from an error to its cause. A text that fits on a line stands in the command, another one comes by
// standard input.
func diagnoseJob(s string, d details) (j job, err error) {
	c := codes.Todoku("diagnose", "REPLY").With(codes.PlaceReply, s)
	if c.HasOpen(codes.PlaceReply) || len(s) > 400 {
		c = codes.Todoku("diagnose", "-")
	}
	for _, f := range []struct {
		template    codes.Command
		place       codes.Place
		name, value string
	}{
		{codes.Todoku("--from", "SENDER"), codes.PlaceSender, "From", d.from},
		{codes.Todoku("--to", "ADDR"), codes.PlaceAddr, "To", d.to},
		{codes.Todoku("--ip", "IP"), codes.PlaceIP, "IP", d.ip},
		{codes.Todoku("--selector", "NAME"), codes.PlaceSelector, "DKIM", d.selector},
	} {
		if c, err = given(c, f.template, f.place, f.name, f.value); err != nil {
			return j, err
		}
	}
	subject, _, _ := strings.Cut(s, "\n")
	return job{title: codes.Text{EN: "Why it did not arrive", JA: "届かない要因の診断"}, subject: subject, inWorld: true, command: c,
		text: s, formats: report.Diagnoses.Formats()}, nil
}

// isMail reports whether a file is a single mail, such as a bounce: by its name, else by how it begins.
func isMail(name string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".eml", ".msg":
		return true
	case ".log", ".gz", ".json", ".csv", ".mbox", ".zip":
		return false
	}
	field, _, ok := strings.Cut(string(head[:min(len(head), 200)]), ":")
	return ok && strings.Contains("return-path received delivered-to from to subject date message-id mime-version content-type x-original-to ",
		strings.ToLower(strings.TrimSpace(field))+" ") && !strings.ContainsAny(field, " \t\n")
}
