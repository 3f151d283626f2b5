package lab

import (
	"fmt"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/mail"
)

// Sample is a ready-made mail of the lab, which shows one thing that can be wrong with a mail.
type Sample struct {
	Scenario
	Data []byte
}

// sampleSituation is a mail with what it has in place of the healthy one's. The steps are those of its way: what the sender
// writes, who signs it, and what happens to it behind the signature.
type sampleSituation struct {
	name, code, rules, en, ja string
	from                      string                  // domain of From; "": healthy.test
	signer                    string                  // domain that signs; "": that of From, none: nobody
	envelope                  string                  // domain of the envelope sender; "": that of From
	ip                        string                  // that hands it over; "": sender
	write                     func(m *letter)         // changes the mail before it is signed
	signed                    func(eml string) string // changes it behind the signature
}

// letter is a mail that is being written.
type letter struct {
	head []string // fields without their line ends
	body string
}

// set gives a field another value, or takes it away where the value is "".
func (l *letter) set(name, value string) {
	kept := l.head[:0:0]
	for _, f := range l.head {
		if !strings.HasPrefix(f, name+":") {
			kept = append(kept, f)
		} else if value != "" {
			kept, value = append(kept, name+": "+value), ""
		}
	}
	if value != "" {
		kept = append(kept, name+": "+value)
	}
	l.head = kept
}

func (l *letter) String() string { return strings.Join(l.head, "\r\n") + "\r\n\r\n" + l.body }

// newLetter is the healthy mail of a domain: a newsletter with everything that receivers ask for.
func newLetter(domain string) *letter {
	return &letter{head: []string{
		"From: Todoku News <news@" + domain + ">", "To: user@takes.test", "Subject: Our autumn programme",
		"Date: " + messageDate.Format(time.RFC1123Z), "Message-ID: <autumn.1@" + domain + ">", "MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit",
		"List-Unsubscribe: <https://" + domain + "/u/1>, <mailto:leave@" + domain + ">", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
	}, body: "Hello Hanako,\r\n\r\nour autumn programme is out. It begins on 1 December and is free of charge.\r\n\r\n" +
		"Read more: https://" + domain + "/autumn\r\nUnsubscribe: https://" + domain + "/u/1\r\n\r\nTodoku News, Tokyo\r\n"}
}

// messageDate is when the mails of the lab were written.
var messageDate = time.Date(2026, 11, 24, 9, 0, 0, 0, time.FixedZone("", 9*60*60))

// Samples lists the ready-made mails.
func Samples() ([]Sample, error) {
	var out []Sample
	for _, p := range sampleSituations() {
		data, err := p.eml()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		out = append(out, Sample{Scenario: p.scenario(), Data: data})
	}
	return out, nil
}

// SampleScenarios lists what Samples has, without the mails.
func SampleScenarios() []Scenario {
	var out []Scenario
	for _, p := range sampleSituations() {
		out = append(out, p.scenario())
	}
	return out
}

// SampleNamed is a ready-made mail by its name; false where there is none.
func SampleNamed(name string) ([]byte, bool, error) {
	for _, p := range sampleSituations() {
		if p.name == name {
			data, err := p.eml()
			return data, true, err
		}
	}
	return nil, false, nil
}

func (p sampleSituation) scenario() Scenario {
	return Scenario{Group: "message", Name: p.name, DeliveryCode: p.code, Situation: codes.Text{EN: p.en, JA: p.ja},
		Command: codes.Todoku("check", "message", "lab:"+p.name).In(inLab()), Rules: strings.Fields(p.rules)}
}

// eml is the mail as its receiver has it.
func (p sampleSituation) eml() ([]byte, error) {
	from := orElse(p.from, "healthy.test")
	l := newLetter(from)
	if p.write != nil {
		p.write(l)
	}
	eml := l.String()
	if signer := orElse(p.signer, from); signer != none {
		var err error
		if eml, err = signEML(eml, signer, "s1"); err != nil {
			return nil, err
		}
	}
	if p.signed != nil {
		eml = p.signed(eml)
	}
	return []byte(traceOf(orElse(p.ip, sender), "news@"+orElse(p.envelope, from)) + eml), nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// SignMail signs a mail with the key that the lab publishes for a domain.
func SignMail(eml, domain, selector string) (string, error) { return signEML(eml, domain, selector) }

// signEML signs a mail with the lab's key.
func signEML(eml, domain, selector string) (string, error) {
	key, err := privateKey()
	if err != nil {
		return "", err
	}
	s, err := mail.NewSigner(domain, selector, key)
	if err != nil {
		return "", err
	}
	m, err := mail.ParseEML([]byte(eml))
	if err != nil {
		return "", err
	}
	m, err = s.Sign(m)
	if err != nil {
		return "", err
	}
	return string(m.Bytes()), nil
}

// traceOf is what the receiver's server writes over a mail.
func traceOf(ip, from string) string {
	return "Return-Path: <" + from + ">\r\n" +
		"Received: from out.lab.test (out.lab.test [" + ip + "])\r\n\tby mx.takes.test (Postfix) with ESMTPS id 4Xq1\r\n" +
		"\tfor <user@takes.test>; " + messageDate.Add(3*time.Second).Format(time.RFC1123Z) + "\r\n"
}

// inBody replaces a text of the body.
func inBody(old, text string) func(*letter) {
	return func(l *letter) { l.body = strings.Replace(l.body, old, text, 1) }
}

// afterwards replaces a text of the mail behind the signature.
func afterwards(old, text string) func(string) string {
	return func(eml string) string { return strings.Replace(eml, old, text, 1) }
}

// footer adds a text to the end.
func footer(text string) func(string) string {
	return func(eml string) string { return eml + strings.ReplaceAll(text, "\n", "\r\n") }
}
