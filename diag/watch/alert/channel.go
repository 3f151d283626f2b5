package alert

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// Kind is what a channel speaks.
type Kind string

// The kinds. JSON is a Notice as it is, or what a template of the user makes.
const (
	JSON      Kind = "json"
	Slack     Kind = "slack"
	Teams     Kind = "teams"
	Discord   Kind = "discord"
	Ntfy      Kind = "ntfy"
	LineWorks Kind = "lineworks"
	Mail      Kind = "mailto"
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{JSON, Slack, Teams, Discord, Ntfy, LineWorks, Mail} }

// Channel is a way on which people are told. Only its name may be shown.
type Channel struct {
	Kind Kind
	To   mail.Address // of Mail

	url string // with its secrets
}

// Parse reads a channel: KIND:URL for a webhook, URL for one that takes a Notice as JSON, mailto:ADDRESS. The error is a
// *codes.UserError and shows nothing of the text: it may hold a secret.
func Parse(s string) (Channel, error) {
	s = strings.TrimSpace(s)
	if to, ok := strings.CutPrefix(s, string(Mail)+":"); ok {
		a, err := mail.ParseAddress(string(Mail), to)
		return Channel{Kind: Mail, To: a}, err
	}
	kind, address, _ := strings.Cut(s, ":")
	c := Channel{Kind: Kind(kind), url: address}
	switch c.Kind {
	case "https", "http":
		c = Channel{Kind: JSON, url: s}
	case JSON, Slack, Teams, Discord, Ntfy, LineWorks:
	default:
		return Channel{}, codes.Wrong(codes.Say(codes.Text{EN: "this is no channel for alerts", JA: "通知先として読み取れません"}), remedy())
	}
	return c, c.check()
}

// remedy says how a channel is written.
func remedy() codes.Message {
	return codes.Say(codes.Text{EN: "write https://… for JSON, {kinds} before it for a chat, or mailto:ADDRESS",
		JA: "JSONで受け取る場合は https://…、チャットの場合はその前に {kinds} のいずれか、メールの場合は mailto:アドレス を指定してください"},
		codes.List("kinds", []string{"slack:", "teams:", "discord:", "ntfy:", "lineworks:"}))
}

// check refuses what would show the alert, or the secret of the address, to others.
func (c Channel) check() error {
	u, err := url.Parse(c.url)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.Fragment != "" {
		return codes.Wrong(codes.Say(codes.Text{EN: "this is no address of a webhook", JA: "WebhookのURLではありません"}), remedy())
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return codes.Wrong(codes.Say(codes.Text{EN: "this webhook is not encrypted: others could read the alert and the secret of its address",
			JA: "暗号化されないWebhookです。通知の内容とURLの秘密の文字列を第三者に読まれるおそれがあります"}), codes.Say(codes.Text{
			EN: "give it as https://; http:// is for servers on this machine only", JA: "https:// で指定してください。http:// は同じコンピューター上のサーバーに限り使えます"}))
	}
	if topic := c.topic(); c.Kind == Ntfy && (topic == "" || strings.Contains(topic, "/")) {
		return codes.Wrong(codes.Say(codes.Text{EN: "the address of ntfy ends with no topic", JA: "ntfyのURLの末尾にトピックがありません"}),
			codes.Say(codes.Text{EN: "write {example}", JA: "{example} のように指定してください"}, codes.Str("example", "ntfy:https://ntfy.sh/TOPIC")))
	}
	return nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Name is what the channel is called everywhere: its kind, its host and a digest of its address; of mail the address. It holds no
// secret and stays as long as the address does.
func (c Channel) Name() string {
	if c.Kind == Mail {
		return string(Mail) + ":" + c.To.String()
	}
	u, err := url.Parse(c.url)
	if err != nil {
		return string(c.Kind)
	}
	sum := sha256.Sum256([]byte(c.url))
	return string(c.Kind) + ":" + u.Hostname() + "#" + hex.EncodeToString(sum[:4])
}

// String is the name: a channel that is printed by mistake shows no secret.
func (c Channel) String() string { return c.Name() }

// GoString is the name, for %#v.
func (c Channel) GoString() string { return c.Name() }

// topic is that of an address of ntfy.
func (c Channel) topic() string {
	u, err := url.Parse(c.url)
	if err != nil {
		return ""
	}
	return strings.Trim(u.Path, "/")
}

// target is where a webhook is posted to. ntfy takes JSON at its root.
func (c Channel) target() string {
	if c.Kind != Ntfy {
		return c.url
	}
	u, err := url.Parse(c.url)
	if err != nil {
		return c.url
	}
	u.Path, u.RawPath = "/", ""
	return u.String()
}

// secrets are parts of the address that must not be shown, where a server says them again.
func (c Channel) secrets() (out []string) {
	u, err := url.Parse(c.url)
	if err != nil {
		return nil
	}
	parts := []string{c.url, u.RequestURI(), u.RawQuery}
	if u.User != nil {
		password, _ := u.User.Password()
		basic := base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password)) // of the field Authorization
		parts = append(parts, basic, u.User.String(), u.User.Username(), password)
	}
	parts = slices.Concat(parts, strings.Split(u.Path, "/"), strings.Split(u.EscapedPath(), "/"))
	for _, values := range u.Query() {
		for _, v := range values {
			parts = append(parts, v, url.QueryEscape(v))
		}
	}
	// The longest first: what is part of another one would leave the rest of it.
	slices.SortFunc(parts, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, s := range parts {
		if len(s) >= 4 { // shorter ones stand everywhere, and are no secrets
			out = append(out, s)
		}
	}
	return out
}

// Host is where the channel leads: the host of a webhook, the domain of an address.
func (c Channel) Host() string {
	if c.Kind == Mail {
		return c.To.Domain()
	}
	u, err := url.Parse(c.url)
	if err != nil {
		return ""
	}
	host := u.Hostname()
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return host
}

// Warnings say what is doubtful about channels: none at all, or only mail to or from domains that are watched themselves. watched
// reports whether a domain is; from is the sender of mails.
func Warnings(all []Channel, from mail.Address, watched func(domain string) bool) []codes.Message {
	for _, c := range all {
		if c.Kind != Mail || !watched(c.To.Domain()) && !watched(from.Domain()) {
			return nil
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []codes.Message{codes.Say(codes.Text{
		EN: "alerts go out only by mail of {domain}, which is watched itself: when its mail breaks, nobody is told; add a webhook",
		JA: "通知の手段が、監視対象でもある {domain} のメールだけです。このドメインのメールが届かなくなると通知も届きません。Webhookを追加してください"},
		codes.Str("domain", all[0].To.Domain()))}
}
