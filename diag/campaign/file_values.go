package campaign

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// How values are written, for errors.
const (
	likeFrom       = "from: news@example.jp"
	likeEnvelope   = "envelope: bounce@example.jp"
	likeHELO       = "helo: out.example.jp"
	likeIPs        = "ips: [192.0.2.7, 2001:db8::7]"
	likeESP        = "esp: sendgrid"
	likeSelectors  = "selectors: [s1, s2._domainkey.example.jp]"
	likeKey        = "key: dkim.pem"
	likeMessage    = "message: mail.eml"
	likeVolume     = "volume: 20000"
	likeRecipients = "recipients: list.csv, recipients: [taro@example.jp], recipients: {gmail.com: 8000}"
	likeTLS        = "tls: true, tls: false, tls: 1.2"
)

// maxIPs is how many sending addresses and selectors are looked at.
const maxIPs = 64

// value reads the value of a key.
func (r *reader) value(key string, n *yaml.Node) (err error) {
	switch key {
	case "from":
		return r.from(n)
	case "envelope":
		return r.envelope(n)
	case "helo":
		r.c.HELO, err = r.scalar(key, n, likeHELO)
	case "ips":
		return r.ips(n)
	case "esp":
		var esp string
		esp, err = r.scalar(key, n, likeESP)
		r.c.ESP = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(esp))
	case "selectors":
		return r.selectors(n)
	case "key":
		r.c.Key, err = r.scalar(key, n, likeKey)
	case "message":
		r.c.Message, err = r.scalar(key, n, likeMessage)
	case "volume":
		return r.volume(n)
	case "recipients":
		return r.recipients(n)
	case "tls":
		return r.tls(n)
	}
	return err
}

// from takes an address, with a name or without, or a domain.
func (r *reader) from(n *yaml.Node) error {
	s, err := r.scalar("from", n, likeFrom)
	if err != nil {
		return err
	}
	if !strings.Contains(s, "@") {
		s = "@" + s
	}
	if domains, err := dmarc.FromDomains("postmaster" + s[strings.LastIndexByte(s, '@'):]); s[0] == '@' && err == nil && len(domains) == 1 {
		r.c.From, r.c.Domain = "postmaster"+s, domains[0]
		return nil
	}
	domains, err := dmarc.FromDomains(s)
	if err != nil || len(domains) != 1 {
		return r.form("from", n, likeFrom)
	}
	r.c.From, r.c.Domain = s, domains[0]
	return nil
}

// envelope takes an address or a domain.
func (r *reader) envelope(n *yaml.Node) error {
	s, err := r.scalar("envelope", n, likeEnvelope)
	if err != nil {
		return err
	}
	s = strings.Trim(s, "<>")
	domain, err := resolve.ToASCII(s[strings.LastIndexByte(s, '@')+1:])
	if err != nil || strings.ContainsAny(s, " \t") {
		return r.form("envelope", n, likeEnvelope)
	}
	r.c.Envelope, r.c.Bounces = s, domain
	return nil
}

func (r *reader) ips(n *yaml.Node) error {
	nodes, err := r.list("ips", n, likeIPs)
	if err != nil {
		return err
	}
	for _, v := range nodes {
		ip, err := netip.ParseAddr(v.Value)
		switch {
		case err != nil && strings.Contains(v.Value, "/"):
			return r.wrong(v, codes.Say(codes.Text{EN: "{value} is a network", JA: "{value} はネットワークです"}, codes.QuotedStart("value", v.Value, 60)),
				codes.Text{EN: "name the addresses that send, one by one", JA: "送信に使うIPアドレスを1つずつ書いてください"})
		case err != nil || ip.Zone() != "":
			return r.wrong(v, codes.Say(codes.Text{EN: "{value} is not an address", JA: "{value} はIPアドレスではありません"}, codes.QuotedStart("value", v.Value, 60)),
				codes.Text{EN: "write it as " + likeIPs, JA: likeIPs + " のように書いてください"})
		case len(r.c.IPs) == maxIPs:
			return r.tooMany(v, "ips")
		}
		if ip = ip.Unmap(); !slices.Contains(r.c.IPs, ip) {
			r.c.IPs = append(r.c.IPs, ip)
		}
	}
	return nil
}

func (r *reader) tooMany(n *yaml.Node, key string) error {
	return r.wrong(n, codes.Say(codes.Text{EN: "{key} has more than {n} entries", JA: "{key} が{n}件を超えています"}, codes.Str("key", key), codes.Num("n", maxIPs)),
		codes.Text{EN: "split the campaign by what sends it", JA: "送信元ごとにキャンペーンを分けてください"})
}

func (r *reader) selectors(n *yaml.Node) error {
	nodes, err := r.list("selectors", n, likeSelectors)
	if err != nil {
		return err
	}
	for _, v := range nodes {
		s := selectorOf(v.Value, r.c.Domain)
		name, bad := resolve.ToASCII(s.Name)
		domain, worse := resolve.ToASCII(s.Domain)
		switch {
		case bad != nil || worse != nil || name == "_domainkey" || strings.ContainsAny(name+domain, " \t,@"):
			return r.wrong(v, codes.Say(codes.Text{EN: "{value} is no DKIM selector", JA: "{value} はDKIMセレクターではありません"}, codes.QuotedStart("value", v.Value, 80)),
				codes.Text{EN: "give what stands before ._domainkey, such as s1", JA: "._domainkey の前の部分(例: s1)を指定してください"})
		case len(r.c.Selectors) == maxIPs:
			return r.tooMany(v, "selectors")
		}
		if s := (Selector{name, domain}); !slices.Contains(r.c.Selectors, s) {
			r.c.Selectors = append(r.c.Selectors, s)
		}
	}
	return nil
}

// maxVolume is more than anybody sends in a day.
const maxVolume = 1_000_000_000

func (r *reader) volume(n *yaml.Node) error {
	s, err := r.scalar("volume", n, likeVolume)
	if err != nil {
		return err
	}
	v, err := strconv.Atoi(strings.NewReplacer(",", "", "_", "").Replace(s))
	if err != nil || v < 1 || v > maxVolume {
		return r.wrong(n, codes.Say(codes.Text{EN: "{value} is not a number of mails a day", JA: "{value} は1日の通数として読めません"}, codes.QuotedStart("value", s, 40)),
			codes.Text{EN: "write it as " + likeVolume, JA: likeVolume + " のように書いてください"})
	}
	r.c.Volume = v
	return nil
}

// tls takes true and false, none, and versions.
func (r *reader) tls(n *yaml.Node) error {
	s, err := r.scalar("tls", n, likeTLS)
	if err != nil {
		return err
	}
	word := strings.ToLower(s)
	if rest, version := strings.CutPrefix(word, "tls"); version {
		word = strings.TrimLeft(rest, " -_v")
	}
	switch word {
	case "true", "yes", "on", "1.2", "1.3", "1.2+", "required", "starttls":
		r.c.TLS = TLSModern
	case "false", "no", "off", "none", "1.0", "1.1", "1":
		r.c.TLS = TLSNone
	default:
		return r.wrong(n, codes.Say(codes.Text{EN: "{value} says nothing of TLS", JA: "{value} はTLSの指定として読めません"}, codes.QuotedStart("value", s, 40)),
			codes.Text{EN: "write it as " + likeTLS, JA: likeTLS + " のように書いてください"})
	}
	return nil
}

// recipients takes a list, the name of a file, or counts per domain.
func (r *reader) recipients(n *yaml.Node) error {
	switch n.Kind {
	case yaml.SequenceNode:
		nodes, err := r.list("recipients", n, likeRecipients)
		for _, v := range nodes {
			r.c.Recipients.List = append(r.c.Recipients.List, Line{v.Value, v.Line})
		}
		return err
	case yaml.MappingNode:
		return r.counts(n)
	}
	s, err := r.scalar("recipients", n, likeRecipients)
	if strings.Contains(s, "@") {
		r.c.Recipients.List = []Line{{s, n.Line}}
		return err
	}
	r.c.Recipients.File = s
	return err
}

func (r *reader) counts(n *yaml.Node) error {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if _, err := r.scalar("recipients", key, likeRecipients); err != nil {
			return err
		}
		count, err := r.scalar("recipients", v, likeRecipients)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(strings.NewReplacer(",", "", "_", "").Replace(count))
		domain := strings.ToLower(strings.TrimPrefix(key.Value, "@"))
		switch {
		case err != nil || number < 1 || number > maxVolume:
			return r.wrong(v, codes.Say(codes.Text{EN: "{value} is not a number of recipients", JA: "{value} は宛先の件数として読めません"}, codes.QuotedStart("value", count, 40)),
				codes.Text{EN: "write the domain and a number: recipients: {gmail.com: 8000}", JA: "recipients: {gmail.com: 8000} のように、ドメインと件数を書いてください"})
		case seen[domain]:
			return r.wrong(key, codes.Say(codes.Text{EN: "{domain} stands here a second time", JA: "{domain} が2回書かれています"}, codes.QuotedStart("domain", domain, 80)),
				codes.Text{EN: "write each domain once, with all its recipients", JA: "ドメインごとに1回だけ、合計の件数を書いてください"})
		}
		seen[domain] = true
		r.c.Recipients.Counts = append(r.c.Recipients.Counts, DomainCount{domain, number, key.Line})
	}
	if len(n.Content) == 0 {
		return r.form("recipients", n, likeRecipients)
	}
	return nil
}
