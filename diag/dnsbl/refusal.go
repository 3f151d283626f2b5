package dnsbl

import "todoku/codes"

// Why is why a list does not answer us.
type Why string

// The reasons of refusals.
const (
	PublicResolver Why = "public_resolver" // we ask through a resolver that many share
	Quota          Why = "quota"           // too many questions
	TypingError    Why = "typing_error"    // a zone of this name does not exist there
	IPQuery        Why = "ip_query"        // an address was asked of a list of domains
	Blocked        Why = "blocked"         // it does not say why
)

// Says is the reason in words.
func (w Why) Says() codes.Text {
	switch w {
	case PublicResolver:
		return codes.Text{
			EN: "it does not answer public resolvers, or servers without a name of their own",
			JA: "公開リゾルバーや、固有の逆引きを持たないサーバーからの問い合わせには回答しません"}
	case Quota:
		return codes.Text{
			EN: "too many questions come from this resolver",
			JA: "このリゾルバーからの問い合わせが多すぎます"}
	case TypingError:
		return codes.Text{
			EN: "the zone is misspelled, or the key is not valid",
			JA: "ゾーン名の誤り、または無効なキーです"}
	case IPQuery:
		return codes.Text{
			EN: "it holds domains, and was asked about an address",
			JA: "ドメインのリストに、IPアドレスを問い合わせています"}
	}
	return codes.Text{EN: "it does not answer this resolver", JA: "このリゾルバーには回答しません"}
}

// Refusal says that a list does not serve us. It says nothing about the subject.
type Refusal struct {
	Zone string // as it may be shown
	Why  Why
}

func (r *Refusal) Error() string { return r.Zone + ": " + r.Says().EN }

// Says is the error in words.
func (r *Refusal) Says() codes.Text { return r.Why.Says() }

// End is why the answers of a list do not count.
type End string

// The ends of lists.
const (
	Closed    End = "closed"    // its operator says so
	Empty     End = "no_test"   // it lacks the entry for tests that every list has (RFC 5782 §5)
	Wildcard  End = "wildcard"  // it has the entry that no list may have: it lists everything
	NotAList  End = "not_codes" // it answers with addresses that are no codes (RFC 5782 §2.1)
	NoFamily  End = "no_family" // it is alive, and holds IPv4 only, or IPv6 only
	OtherKind End = "no_such"   // it holds addresses and was to be asked about a domain, or the other way round
)

// Dead says that the answers of a list do not count. It says nothing about the subject.
type Dead struct {
	Zone  string // as it may be shown
	End   End
	Since codes.Text // of Closed: since when, and why
}

func (d *Dead) Error() string { return d.Zone + ": " + d.Says().EN }

// Says is the error in words.
func (d *Dead) Says() codes.Text {
	switch d.End {
	case Closed:
		return codes.Text{EN: "it is closed (" + d.Since.EN + ")", JA: "閉鎖されています(" + d.Since.JA + ")"}
	case Empty:
		return codes.Text{
			EN: "the entry for tests that every list has is missing (127.0.0.2, or TEST of a list of domains)",
			JA: "どのリストにもあるテスト用の登録(127.0.0.2。ドメインのリストでは TEST)がありません"}
	case Wildcard:
		return codes.Text{
			EN: "it lists everything, also what no list may hold (127.0.0.1, or INVALID of a list of domains)",
			JA: "登録してはならない名前(127.0.0.1。ドメインのリストでは INVALID)を含め、すべてを「登録あり」と回答します"}
	case NotAList:
		return codes.Text{
			EN: "it answers with addresses that are no codes of a list: the zone is parked, or the resolver invents answers",
			JA: "リストのコードではないアドレスを返します(ゾーンが失効しているか、リゾルバーが応答を書き換えています)"}
	case OtherKind:
		return codes.Text{EN: "it does not hold such names or addresses", JA: "この種類の名前やアドレスは収録していません"}
	}
	return codes.Text{EN: "it holds no addresses of this kind (IPv4, IPv6)", JA: "この種類(IPv4・IPv6)のアドレスは収録していません"}
}
