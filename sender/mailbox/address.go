package mailbox

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// address is a mailbox on a server, as it is named in a URL (RFC 5092, RFC 2384).
type address struct {
	scheme   string // imap, imaps, pop3, pop3s
	implicit bool   // TLS from the first octet
	host     string
	port     int
	user     string
	folder   string // of IMAP; "" is INBOX
}

// schemes are the URLs of mailboxes.
var schemes = map[string]address{
	"imap":  {scheme: "imap", port: 143},
	"imaps": {scheme: "imaps", port: 993, implicit: true},
	"pop3":  {scheme: "pop3", port: 110},
	"pop":   {scheme: "pop3", port: 110},
	"pop3s": {scheme: "pop3s", port: 995, implicit: true},
	"pops":  {scheme: "pop3s", port: 995, implicit: true},
}

// IsURL reports whether a name is that of a mailbox on a server.
func IsURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	_, known := schemes[strings.ToLower(scheme)]
	return ok && known
}

// Name is a URL in one form: whatever way it is written, the same mailbox has the same name.
func Name(s string) string {
	a, err := parseAddress(s)
	if err != nil {
		return shownURL(s)
	}
	return a.String()
}

// Check is the fault of a name that can be found without looking: a URL of no known kind, one with a password in it.
func Check(name string) error {
	if !strings.Contains(name, "://") {
		return nil
	}
	_, err := parseAddress(name)
	return err
}

// parseAddress reads the URL of a mailbox. A password in it is refused, and never told.
func parseAddress(s string) (address, error) {
	scheme, _, _ := strings.Cut(s, "://")
	a, known := schemes[strings.ToLower(scheme)]
	if !known {
		return a, codes.WrongAt(shownURL(s), codes.Text{EN: "mailboxes on servers are imap://, imaps://, pop3:// and pop3s://",
			JA: "サーバーのメールボックスは imap://、imaps://、pop3://、pop3s:// のいずれかで指定してください"})
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return a, codes.WrongAt(shownURL(s), codes.Text{EN: "is not of the form imap://user@host/folder; write @ in a user name as %40",
			JA: "imap://ユーザー名@ホスト/フォルダー の形で指定してください。ユーザー名の @ は %40 と書きます"})
	}
	if _, secret := u.User.Password(); secret {
		return a, codes.WrongAt(shownURL(s), codes.Text{EN: "holds a password, which other users of this machine can see; use --password-file or the environment",
			JA: "パスワードが含まれています。他の利用者から見えるため、--password-file または環境変数で指定してください"})
	}
	a.host, a.user, a.folder = u.Hostname(), u.User.Username(), strings.Trim(u.Path, "/")
	if p := u.Port(); p != "" {
		if a.port, err = strconv.Atoi(p); err != nil || a.port < 1 || a.port > 65535 {
			return a, codes.WrongAt(shownURL(s), codes.Text{EN: "{value} is no port", JA: "{value} はポート番号ではありません"}, codes.QuotedStart("value", p, 20))
		}
	}
	if a.isPOP() && a.folder != "" {
		return a, codes.WrongAt(shownURL(s), codes.Text{EN: "POP3 has one mailbox and no folders; leave {folder} out, or use imap://",
			JA: "POP3にはフォルダーがありません。{folder} を外すか、imap:// を使用してください"}, codes.QuotedStart("folder", a.folder, 80))
	}
	for _, part := range []string{a.host, a.user, a.folder} {
		if err := mail.CheckLine(shownURL(s), part); err != nil {
			return a, err
		}
	}
	return a, nil
}

// shownURL is a URL as it may be printed: what may be a password is left out.
func shownURL(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		if user, _, secret := strings.Cut(rest[:at], ":"); secret {
			rest = user + ":***" + rest[at:]
		}
	}
	return scheme + "://" + rest
}

func (a address) isPOP() bool { return strings.HasPrefix(a.scheme, "pop3") }

func (a address) dial() string { return net.JoinHostPort(a.host, strconv.Itoa(a.port)) }

// local reports whether the server is on this machine: what is said to it does not leave it.
func (a address) local() bool {
	ip := net.ParseIP(a.host)
	return a.host == "localhost" || ip != nil && ip.IsLoopback()
}

// box is the folder's name on the server.
func (a address) box() string {
	if a.folder == "" {
		return "INBOX"
	}
	return a.folder
}

// String is the URL, without a port that goes without saying.
func (a address) String() string {
	u := url.URL{Scheme: a.scheme, Host: a.host}
	if a.port != schemes[a.scheme].port || strings.Contains(a.host, ":") {
		u.Host = a.dial()
	}
	user := ""
	if a.user != "" {
		user = url.PathEscape(a.user)
		user = strings.ReplaceAll(user, "@", "%40") + "@"
	}
	s := a.scheme + "://" + user + u.Host
	if !a.isPOP() {
		s += "/" + a.box()
	}
	return s
}
