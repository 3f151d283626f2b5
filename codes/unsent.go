package codes

// Lack is what the mail or its sender needs and a server does not offer, so that nothing was sent.
type Lack string

// The lacks.
const (
	LackTLS   Lack = "tls"
	LackLogin Lack = "login"
	LackUTF8  Lack = "smtputf8"
	Lack8Bit  Lack = "8bitmime"
)

// unsent is the verdict on a mail that our own side did not send. It has no delivery code: no mail has left.
func (c *Catalogue) unsent(ctx Context) Verdict {
	v := Verdict{Permanent: Yes, Certainty: Documented}
	reason, steps := "", []string(nil)
	switch ctx.Lack {
	case LackTLS:
		reason, steps = "tls_required", []string{"check_recipient_server", "contact_recipient_admin"}
		v.Action = ActionContactAdmin
		v.Meaning = Text{EN: "Nothing was sent: TLS is required here, and the server does not offer STARTTLS.",
			JA: "送信していません。TLSが必須の設定ですが、サーバーがSTARTTLSを提供していません。"}
	case LackLogin:
		reason, steps = "login_required", []string{"authenticate_smtp", "check_own_server"}
		v.Meaning = Text{EN: "Nothing was sent: no login came about that both sides know and that is safe.",
			JA: "送信していません。双方が対応する安全なSMTP認証の方式がありません。"}
	case LackUTF8:
		reason, steps = "protocol_error", []string{"ask_customer_address"}
		v.Action = ActionCorrectAddress
		v.Meaning = Text{EN: "Nothing was sent: the address or header needs SMTPUTF8, which the server does not offer. Use an address in ASCII.",
			JA: "送信していません。アドレスまたはヘッダーにSMTPUTF8が必要ですが、サーバーが対応していません。半角英数字のアドレスを使ってください。"}
	case Lack8Bit:
		reason, steps = "message_format", []string{"fix_message_format"}
		v.Meaning = Text{EN: "Nothing was sent: the mail has 8-bit text, and the server does not offer 8BITMIME. Encode it as quoted-printable or base64.",
			JA: "送信していません。メールに8ビットの文字が含まれていますが、サーバーが8BITMIMEに対応していません。quoted-printable または base64 で符号化してください。"}
	}
	if ctx.Relay && ctx.Lack == LackTLS {
		steps = []string{"check_relay_address", "check_own_server"}
		v.Action = ActionFixSender
	}
	v.Reason, _ = c.Reason(reason)
	if v.Action == "" {
		v.Action = v.Reason.Action
	}
	v.Remedies = c.remediesOf(steps)
	return v
}
