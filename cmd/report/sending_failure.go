package report

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"strings"
	"syscall"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/sender"
	"todoku/sender/smtp"
)

// failureWords says in words what went wrong where no reply tells, and what the server sent instead of one.
func failureWords(err error, l codes.Lang) string {
	said := failureKind(err, l)
	if heard := heardText(err); heard != "" {
		said += ": " + heard
	}
	return said
}

// heardText is what a server sent that is no SMTP reply, "" where it sent nothing.
func heardText(err error) string {
	var record tls.RecordHeaderError
	if errors.As(err, &record) && strings.Trim(string(record.RecordHeader[:]), "\x00") != "" {
		return string(record.RecordHeader[:]) + "…"
	}
	return shown(smtp.Heard(err))
}

// failureKind says in words what went wrong.
func failureKind(err error, l codes.Lang) string {
	if known := failureText(err); !known.IsZero() {
		return known.In(l)
	}
	var step *smtp.Error
	if errors.As(err, &step) {
		return kindOfFailure(step).In(l)
	}
	return shown(err.Error())
}

// failureText knows the usual failures; the zero text is another one.
func failureText(err error) codes.Text {
	var none *sender.NoRouteError
	var dns *resolve.Error
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var authority x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &none):
		return noRouteText(none)
	case errors.As(err, &dns):
		kind := kindText(dns.Kind)
		return codes.Text{EN: dns.Name + " " + dns.Type + ": " + kind.EN, JA: dns.Name + " " + dns.Type + ": " + kind.JA}
	case errors.Is(err, sender.ErrNoTLS):
		return codes.Text{EN: "TLS is required here, and the server does not offer STARTTLS: nothing was sent", JA: "TLSが必須の設定ですが、サーバーがSTARTTLSを提供していないため、送信していません"}
	case errors.Is(err, sender.ErrNoUTF8):
		return codes.Text{EN: "the address or header needs SMTPUTF8, which the server does not offer: nothing was sent", JA: "アドレスまたはヘッダーにSMTPUTF8が必要ですが、サーバーが対応していないため、送信していません"}
	case errors.Is(err, sender.ErrNo8Bit):
		return codes.Text{EN: "the mail has 8-bit text, and the server does not offer 8BITMIME: nothing was sent; encode it as quoted-printable or base64",
			JA: "メールに8ビットの文字が含まれていますが、サーバーが8BITMIMEに対応していないため、送信していません。quoted-printable または base64 で符号化してください"}
	case errors.Is(err, sender.ErrWrongReply):
		return codes.Text{EN: "the server gave a reply that makes no sense there", JA: "サーバーの応答は、その段階ではありえない内容です"}
	case errors.As(err, &host):
		return codes.Text{EN: "the certificate is of another name", JA: "証明書の名前がホスト名と一致しません"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return codes.Text{EN: "the certificate has expired", JA: "証明書の有効期限が切れています"}
	case errors.As(err, &authority):
		return codes.Text{EN: "the certificate is signed by nobody that is trusted", JA: "証明書が信頼できる認証局のものではありません"}
	case errors.As(err, &record):
		return codes.Text{EN: "no TLS came where TLS was to begin", JA: "TLSの開始に失敗しました(応答がTLSではありません)"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return codes.Text{EN: "the connection is refused: nobody listens there", JA: "接続が拒否されました(待ち受けているプログラムがありません)"}
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return codes.Text{EN: "there is no network route to the host", JA: "ホストまでの経路がありません"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT), smtp.TimedOut(err):
		return codes.Text{EN: "no answer in time", JA: "制限時間内に応答がありませんでした"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return codes.Text{EN: "the server closed the connection", JA: "サーバーが接続を切断しました"}
	}
	return abortText(err)
}

// kindOfFailure says in general what kept a step from its reply.
func kindOfFailure(e *smtp.Error) codes.Text {
	why := shown(e.Err.Error())
	switch e.Kind {
	case smtp.KindConnect:
		return codes.Text{EN: "no connection: " + why, JA: "接続できません: " + why}
	case smtp.KindTimeout:
		return codes.Text{EN: "no answer in time", JA: "制限時間内に応答がありませんでした"}
	case smtp.KindClosed:
		return codes.Text{EN: "the server closed the connection", JA: "サーバーが接続を切断しました"}
	case smtp.KindGarbage:
		return codes.Text{EN: "what the server sent is no SMTP reply", JA: "サーバーの応答がSMTPの応答ではありません"}
	case smtp.KindTooLong:
		return codes.Text{EN: "the server's reply has no end", JA: "サーバーの応答が長すぎます"}
	case smtp.KindTLS:
		return codes.Text{EN: "TLS failed: " + why, JA: "TLSの確立に失敗しました: " + why}
	case smtp.KindAuth:
		return codes.Text{EN: "no login: " + why, JA: "SMTP認証を行えません: " + why}
	case smtp.KindContext:
		return codes.Text{EN: "interrupted", JA: "中断されました"}
	}
	return codes.Same(why)
}

// abortText knows why our side did not go on with a session; the zero text is another reason.
func abortText(err error) codes.Text {
	for _, known := range [...]struct {
		err error
		ja  string
	}{
		{smtp.ErrInjected, "STARTTLSへの応答の直後に、サーバーが平文のデータを送信しました(RFC 3207 §5)"},
		{smtp.ErrUnasked, "こちらが送信する前に、サーバーが応答を返しました"},
		{smtp.ErrNoAuth, "サーバーが提供する認証方式の中に、利用できるものがありません"},
		{smtp.ErrPlain, "TLSで暗号化されていない接続では、パスワードを送信しません"},
	} {
		if errors.Is(err, known.err) {
			return codes.Text{EN: known.err.Error(), JA: known.ja}
		}
	}
	return codes.Text{}
}

func noRouteText(e *sender.NoRouteError) codes.Text {
	d := e.Domain
	switch e.Reason {
	case sender.NoSuchDomain:
		return codes.Text{EN: "the domain " + d + " does not exist", JA: "ドメイン " + d + " は存在しません"}
	case sender.NullMX:
		return codes.Text{EN: d + " says that it takes no mail (null MX)", JA: d + " はメールを受信しないと宣言しています(null MX)"}
	}
	return codes.Text{EN: d + " has no mail server: neither MX nor address", JA: d + " にはメールサーバーがありません(MXレコードもアドレスもなし)"}
}

// replyText is a reply as the server wrote it, line by line.
func replyText(r codes.Reply) string { return strings.Join(smtp.ReplyLines(r), "\n") }

// certificateText is why a certificate did not verify, of the words that crypto/x509 has for it. The first that is found counts:
// an unknown authority may be told of an algorithm.
func certificateText(problem string) codes.Text {
	for _, known := range []struct{ says, ja string }{
		{"insecure algorithm", "署名アルゴリズムが古く、現在では信頼されません(" + problem + ")"},
		{"signed by unknown authority", "信頼できる認証局のものではありません"},
		{"has expired or is not yet valid", "有効期限が切れているか、まだ有効ではありません"},
		{"certificate is valid for", "証明書の名前がホスト名と一致しません(" + problem + ")"},
		{"legacy Common Name", "ホスト名がコモンネーム(CN)にしかなく、SANにありません"},
		{"not valid for any names", "証明書にホスト名がありません"},
		{"doesn't contain any IP SANs", "証明書にIPアドレスがありません"},
		{"incompatible key usage", "サーバー用の証明書ではありません(拡張キー使用法)"},
	} {
		if strings.Contains(problem, known.says) {
			return codes.Text{EN: problem, JA: known.ja}
		}
	}
	return codes.Same(problem)
}
