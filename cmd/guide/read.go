package guide

import (
	"net/mail"
	"strings"
	"time"

	"todoku/cmd/app"
	"todoku/codes"
)

// factReader reads what is known of a mail as the flags of the command line do. An
// empty answer is always one: it is not known.
func factReader(a *app.App, c *codes.Catalogue) func(codes.Place, string) (string, error) {
	return func(place codes.Place, s string) (string, error) {
		s = strings.TrimSpace(s)
		if err := app.CheckLine(s); err != nil || s == "" {
			return "", err
		}
		if strings.HasPrefix(s, "-") {
			return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} looks like a flag", JA: "{value} はフラグのように見えます"}, codes.Quoted("value", s)), codes.Message{})
		}
		return readFact(a, c, place, s)
	}
}

// readFact reads a value that is there.
func readFact(a *app.App, c *codes.Catalogue, place codes.Place, s string) (string, error) {
	switch place {
	case codes.PlaceSender, codes.PlaceAddr, codes.PlaceMailbox:
		return parseMailAddress(s, place == codes.PlaceSender)
	case codes.PlaceIP:
		ip, err := app.ParseAddr(s)
		return ip.String(), err
	case codes.PlaceFile:
		if !a.IsFile(s) {
			return "", codes.Wrong(codes.Say(codes.Text{EN: "there is no file {value}", JA: "{value} というファイルはありません"}, codes.QuotedStart("value", s, 80)), codes.Message{})
		}
	case codes.PlaceTime:
		t, err := a.ParseSince(s)
		return t.Format(time.RFC3339), err
	case codes.PlaceCode:
		return parseDeliveryCode(c, s)
	}
	return s, nil
}

// parseMailAddress takes an address; of the sender, a domain will do.
func parseMailAddress(s string, orDomain bool) (string, error) {
	if _, err := app.ParseDomain(s); err == nil && orDomain {
		return s, nil
	}
	if a, err := mail.ParseAddress(s); err == nil {
		s = a.Address
	}
	at := strings.LastIndexByte(s, '@')
	if _, err := app.ParseDomain(s[at+1:]); at < 1 || err != nil || strings.ContainsAny(s, " \t") {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no mail address", JA: "{value} はメールアドレスではありません"}, codes.QuotedStart("value", s, 80)),
			codes.Say(codes.Text{EN: "write it as name@example.jp", JA: "name@example.jp の形で指定してください"}))
	}
	return s, nil
}

func parseDeliveryCode(c *codes.Catalogue, s string) (string, error) {
	d, ok := c.Delivery(s)
	if !ok {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no delivery code", JA: "{value} はメール配信コードではありません"}, codes.QuotedStart("value", s, 60)),
			codes.Say(codes.Text{EN: "{command} lists them; give a reply with --reply", JA: "コードの一覧は {command} で確認できます。応答は --reply で指定してください"}, codes.Typed("command", codes.Todoku("explain", "--list", "codes"))))
	}
	return d.ID, nil
}
