package ticket

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// address is an address in a text, with the octets at which it stands.
type address struct {
	text       string
	start, end int
}

var addressForm = sync.OnceValue(compile("[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]*[A-Za-z0-9_+-]@" +
	`[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z0-9-]*[A-Za-z0-9]`))

// addressesIn finds the addresses in a text.
func addressesIn(s string) []address {
	var out []address
	for _, at := range addressForm().FindAllStringIndex(s, -1) {
		text := s[at[0]:at[1]]
		if i := strings.LastIndexAny(text, "='/|{"); i >= 0 && i < strings.IndexByte(text, '@') { // "to=a@b", "mailto|a@b"
			text, at[0] = text[i+1:], at[0]+i+1
		}
		out = append(out, address{text, at[0], at[1]})
	}
	return out
}

// roles are mailboxes that people write to with questions; nobody means them as the recipient in question.
var roles = [...]string{"support", "helpdesk", "help", "postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "admin",
	"administrator", "hostmaster", "toiawase", "inquiry", "contact"}

func isRole(a string) bool {
	local, _, _ := strings.Cut(strings.ToLower(a), "@")
	return slices.Contains(roles[:], local)
}

// Labels before an address, and words behind it.
var (
	toBefore = sync.OnceValue(compile(`(?i)(宛先|あて先|送信先|送り先|配信先|届け先|受信者|受信側|お?客様|` +
		`相手|先方|\bto\b|recipient|customer)[^。\n@]{0,40}$`))
	toBehind = sync.OnceValue(compile(`^["'>」』)\]]*\s*(さん|様|さま|殿|の(お客|方)|宛|あて|行き|へ|` +
		`に(て|も|は|だけ)?(送|届|配信|メール|案内|対|エラー|[0-9])|` +
		`から[^。\n@]{0,6}(「|『|お?問|連絡|申告|届|クレーム|指摘|ご))`))
	// reached stands behind the address that a mail is to reach, whoever is named before it.
	reached    = sync.OnceValue(compile(`^["'>」』)\]]* ?(さん|様|さま|殿|の方)?に(は|も|だけ)?届`))
	fromBefore = sync.OnceValue(compile(`(?i)(差出人|送信者|送信元|発信者|配信元|弊社|当社|自社|` +
		`\b(from|sender|our)\b)[^。\n@]{0,40}$`))
	fromBehind = sync.OnceValue(compile(`^["'>」』)\]]*\s*(から|より|を?差出人|を?送信元|で(送信|配信|送))`))
	signature  = sync.OnceValue(compile(`(?im)^\s*(--|__|==|\*\*|tel|fax|電話|e-?mail\s*:|mail\s*:|メール\s*:|住所|〒).*$`))
)

// readAddresses finds who wrote the mail in question, and to whom.
func (t *Ticket) readAddresses(p parts) {
	for _, text := range []string{p.own, p.quoted} {
		t.addressesOf(text)
		t.ipOf(text)
	}
}

func (t *Ticket) addressesOf(text string) {
	list := addressesIn(text)
	table := columns(text)
	plain := ""        // the first address that nothing is said of
	place, end := 0, 0 // of the address in its line, from 0; of the address before it
	for i, a := range list {
		before, behind := text[end:a.start], text[a.end:]
		if at := strings.LastIndexByte(before, '\n'); i == 0 || at >= 0 {
			before, place = before[at+1:], 0
			if strings.Trim(before, " \t<・-") == "" {
				before = labelAbove(text[:a.start-len(before)]) + before
			}
		}
		alone := place == 0 && (i+1 == len(list) || strings.Contains(text[a.end:list[i+1].start], "\n"))
		column := ""
		if place < len(table) && !alone {
			column = table[place]
		}
		place, end = place+1, a.end
		switch {
		case column == "to", isOf(toBefore(), fromBefore(), before):
			fill(&t.Recipient, a.text)
		case column == "from", isOf(fromBefore(), toBefore(), before) && !reached().MatchString(behind):
			fill(&t.Sender, a.text)
		case toBehind().MatchString(behind):
			fill(&t.Recipient, a.text)
		case fromBehind().MatchString(behind):
			fill(&t.Sender, a.text)
		case plain == "" && !isRole(a.text) && !signature().MatchString(before):
			plain = a.text
		}
	}
	if plain != t.Sender {
		fill(&t.Recipient, plain)
	}
}

// labelAbove is the line above an address that stands on a line of its own: 「■宛先E-mailアドレス」. It is empty where that
// line has an address itself.
func labelAbove(text string) string {
	text = strings.TrimSuffix(text, "\n")
	line := text[strings.LastIndexByte(text, '\n')+1:]
	if strings.ContainsAny(line, "@\t|,") { // no label, or the head of a table
		return ""
	}
	return line
}

func fill(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// isOf reports whether a label stands before an address, and the other label not behind it.
func isOf(label, other *regexp.Regexp, before string) bool {
	at, but := label.FindStringIndex(before), other.FindStringIndex(before)
	return at != nil && (but == nil || at[0] > but[0])
}

// columns are the columns of a table that names senders and recipients in one line: "from" and "to" in their order.
func columns(text string) []string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "@") || !strings.ContainsAny(line, "\t|,") {
			continue
		}
		line = strings.TrimSpace(line)
		from, to := fromBefore().FindStringIndex(line), toBefore().FindStringIndex(line)
		if from == nil || to == nil {
			continue
		}
		if from[0] < to[0] {
			return []string{"from", "to"}
		}
		return []string{"to", "from"}
	}
	return nil
}

var (
	ipForm   = sync.OnceValue(compile(`\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b|\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}\b`))
	ipBefore = sync.OnceValue(compile(`(?i)(送信元|弊社|当社|自社|配信元|送信サーバー?|送信ip|` +
		`\b(our|sending|source)\b)[^。\n]{0,30}$`))
)

// ipOf finds the address that sends: only one that the text calls so.
func (t *Ticket) ipOf(text string) {
	for _, at := range ipForm().FindAllStringIndex(text, -1) {
		ip, err := netip.ParseAddr(text[at[0]:at[1]])
		if err == nil && ipBefore().MatchString(labelBefore(text[:at[0]])) && !ip.IsLoopback() {
			fill(&t.IP, ip.String())
		}
	}
}
