package sources

import "todoku/codes"

// ReasonID says why mails are of their class.
type ReasonID string

// The reasons: ours.
const (
	ByBoth            ReasonID = "dkim_and_spf"
	BySPF             ReasonID = "spf_aligned"
	ByKey             ReasonID = "own_key_own_server"
	KeyIsHere         ReasonID = "own_key_here"
	ServiceSigns      ReasonID = "service_signs"
	OwnHost           ReasonID = "own_host"
	Authorised        ReasonID = "spf_names_it"
	AuthorisedService ReasonID = "spf_names_service"
)

// Forwarders.
const (
	ToldForwarded  ReasonID = "told_forwarded"
	KeyIsElsewhere ReasonID = "own_key_elsewhere"
	LikeList       ReasonID = "like_list"
	BrokenOnTheWay ReasonID = "broken_on_the_way"
	AmongForwarded ReasonID = "among_forwarded"
)

// Unknown.
const (
	ReceiverFailed  ReasonID = "receiver_temperror"
	OnlyTold        ReasonID = "only_told"
	OtherCustomer   ReasonID = "other_customer"
	ServiceUnsigned ReasonID = "service_unsigned"
	BrokenSignature ReasonID = "broken_signature"
	ServiceRegular  ReasonID = "service_regular"
	ServiceOnce     ReasonID = "service_once"
	OtherRegular    ReasonID = "other_regular"
	OtherOnce       ReasonID = "other_once"
	ServerRegular   ReasonID = "server_regular"
	BeganLately     ReasonID = "began_lately"
	TooFew          ReasonID = "too_few"
	DNSSilent       ReasonID = "dns_silent"
	NotAsked        ReasonID = "dns_not_asked"
	RecordBroken    ReasonID = "spf_broken"
)

// NoTie is the reason of forgers.
const NoTie ReasonID = "no_tie"

// Reasons lists all reasons.
func Reasons() []ReasonID {
	list := make([]ReasonID, len(reasonTexts))
	for i, r := range reasonTexts {
		list[i] = r.id
	}
	return list
}

// Says is the reason in words.
func (r ReasonID) Says() codes.Text {
	for _, x := range reasonTexts {
		if x.id == r {
			return x.says
		}
	}
	return codes.Text{}
}

// reasonTexts are all reasons, in the order of the classes.
var reasonTexts = [...]struct {
	id   ReasonID
	says codes.Text
}{
	{ByBoth, codes.Text{EN: "a DKIM key of the domain signs, and SPF passes for it",
		JA: "このドメインのDKIM署名とSPFの両方が認証されています"}},
	{BySPF, codes.Text{EN: "SPF passes for an envelope of the domain",
		JA: "このドメインのエンベロープでSPFが認証されています"}},
	{ByKey, codes.Text{EN: "a DKIM key of the domain signs, and the server belongs to it",
		JA: "このドメインのDKIM署名があり、サーバーもこのドメインのものです"}},
	{KeyIsHere, codes.Text{EN: "a DKIM key of the domain signs that is at home here",
		JA: "このドメインのDKIM署名があり、その鍵は主にこの送信元で使われています"}},
	{ServiceSigns, codes.Text{EN: "a sending service signs with a DKIM key of the domain",
		JA: "配信サービスがこのドメインのDKIM鍵で署名しています"}},
	{OwnHost, codes.Text{EN: "the server is one of the domain: its name leads to its address and back, or it takes the domain's mail",
		JA: "サーバー名がこのドメインのもので、逆引きと正引きが一致します(またはこのドメインのMXです)"}},
	{Authorised, codes.Text{EN: "the domain's SPF record names the address",
		JA: "このドメインのSPFレコードにこのIPアドレスが含まれています"}},
	{AuthorisedService, codes.Text{EN: "the domain's SPF record names the service; another customer of it could send this, too",
		JA: "このドメインのSPFレコードにこのサービスが含まれています(同じサービスの別の利用者の可能性もあります)"}},
	{ToldForwarded, codes.Text{EN: "receivers say that it was passed on (forwarded, mailing list, ARC)",
		JA: "受信側が、転送・メーリングリスト・ARCによる中継と判断しています"}},
	{KeyIsElsewhere, codes.Text{EN: "a DKIM key of the domain signed, which is at home elsewhere: passed on unchanged",
		JA: "別の送信元で使われているこのドメインのDKIM署名が有効です(そのまま転送されたメール)"}},
	{LikeList, codes.Text{EN: "our signature is broken, and another organisation signs and passes SPF: like a mailing list",
		JA: "このドメインの署名は無効になり、別の組織の署名とSPFが認証されています(メーリングリストの特徴)"}},
	{BrokenOnTheWay, codes.Text{EN: "a signature of the domain that no longer holds, from a provider of mailboxes or a server in its own name: probably forwarded",
		JA: "メールボックスの事業者、または自身の名前で送るサーバーから、無効になったこのドメインの署名が届いています(転送と考えられます)"}},
	{AmongForwarded, codes.Text{EN: "the source passes on other mail of the domain, and this comes from there, too",
		JA: "このドメインのほかのメールを転送している送信元から届いています"}},
	{ReceiverFailed, codes.Text{EN: "receivers could not look up the domain's SPF or DKIM at that time (temperror)",
		JA: "受信側が、その時点でこのドメインのSPFまたはDKIMを調べられませんでした(temperror)"}},
	{OnlyTold, codes.Text{EN: "the reporter says that DKIM passes, and does not say for whom",
		JA: "報告者はDKIMの認証成功を伝えていますが、署名ドメインの記載がありません"}},
	{OtherCustomer, codes.Text{EN: "the SPF record names the service, but the mail passes for somebody else there",
		JA: "SPFレコードにあるサービスからの送信ですが、別の利用者として認証されています"}},
	{ServiceUnsigned, codes.Text{EN: "the domain's mail from this service is signed, and this is not: another customer, or a part of yours",
		JA: "このサービスから送られるこのドメインのメールには通常署名がありますが、署名がありません(別の利用者、または自社の未設定分の可能性があります)"}},
	{BrokenSignature, codes.Text{EN: "a signature of the domain that does not hold: forwarded and changed, or copied by a forger",
		JA: "このドメインの署名が無効です(転送時の変更、または偽造者による複製の可能性があります)"}},
	{ServiceRegular, codes.Text{EN: "a sending service, again and again over the whole time: perhaps yours, not set up for the domain",
		JA: "配信サービスから期間を通じて送信されています。自社で利用中の、未設定のサービスかもしれません"}},
	{ServiceOnce, codes.Text{EN: "a sending service, now and then", JA: "配信サービスからの一時的な送信です"}},
	{OtherRegular, codes.Text{EN: "somebody who passes under a name of its own, again and again: perhaps a service of yours",
		JA: "別のドメインとして認証された送信が継続しています。自社で利用中のサービスかもしれません"}},
	{OtherOnce, codes.Text{EN: "somebody who passes under a name of its own, now and then",
		JA: "別のドメインとして認証された、一時的な送信です"}},
	{ServerRegular, codes.Text{EN: "few servers that send again and again over the whole time: perhaps yours",
		JA: "少数のサーバーから期間を通じて送信されています。自社のサーバーかもしれません"}},
	{BeganLately, codes.Text{EN: "it began lately, and has sent on most days since: perhaps a new service or server of yours",
		JA: "最近始まり、その後ほぼ毎日送信されています。自社で使い始めたサービスやサーバーかもしれません"}},
	{TooFew, codes.Text{EN: "too few mails to say anything", JA: "件数が少なく、判断できません"}},
	{DNSSilent, codes.Text{EN: "DNS did not answer about the source", JA: "送信元について、DNSから応答がありませんでした"}},
	{NotAsked, codes.Text{EN: "DNS was not asked about the source", JA: "送信元について、DNSに問い合わせていません"}},
	{RecordBroken, codes.Text{EN: "the domain's SPF record is broken (permerror), so that nobody knows whether it names the source",
		JA: "このドメインのSPFレコードに誤りがあり(permerror)、送信元が含まれるか判断できません"}},
	{NoTie, codes.Text{EN: "neither SPF nor DKIM passes for the domain, and nothing in DNS ties the sources to it",
		JA: "SPFもDKIMもこのドメインでは認証されず、送信元とドメインを結び付ける情報もDNSにありません"}},
}
