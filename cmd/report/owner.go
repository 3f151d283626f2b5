package report

import "todoku/codes"

// ownerText says who can mend something. {zone} is the domain that is concerned.
func ownerText(o codes.Owner) codes.Text {
	if o == codes.OwnerDNS {
		return codes.Text{EN: "whoever runs DNS for {zone}", JA: "{zone} のDNS管理者"}
	}
	return remedyOwner(o)
}

// remedyOwner says it where no domain is known.
func remedyOwner(o codes.Owner) codes.Text {
	return map[codes.Owner]codes.Text{
		codes.OwnerDNS:       {EN: "whoever runs DNS for the sender's domain", JA: "送信者ドメインのDNS管理者"},
		codes.OwnerESP:       {EN: "the service that sends for the domain", JA: "送信を委託しているサービス(ESP)"},
		codes.OwnerMail:      {EN: "the mail administrator of the sending side", JA: "送信側のメール管理者"},
		codes.OwnerNetwork:   {EN: "whoever assigned the sending address", JA: "IPアドレスの割り当て元"},
		codes.OwnerRecipient: {EN: "the recipient's mail administrator", JA: "宛先の情報システム部門"},
		codes.OwnerSender:    {EN: "whoever sends the mail", JA: "メールの送信者"},
		codes.OwnerPerson:    {EN: "the recipient in person", JA: "受信者本人"},
		codes.OwnerList:      {EN: "whoever runs the list", JA: "リストの運営者・管理者"},
	}[o]
}

// OwnerName is who takes a step, in a word or two.
func OwnerName(o codes.Owner) codes.Text {
	switch o {
	case codes.OwnerDNS:
		return codes.Text{EN: "DNS admin", JA: "DNS管理者"}
	case codes.OwnerESP:
		return codes.Text{EN: "sending service", JA: "配信サービス"}
	case codes.OwnerMail:
		return codes.Text{EN: "mail team", JA: "メール管理者"}
	case codes.OwnerNetwork:
		return codes.Text{EN: "network or hosting", JA: "IPアドレスの提供元"}
	case codes.OwnerRecipient:
		return codes.Text{EN: "recipient's admin", JA: "宛先の情報システム部門"}
	case codes.OwnerPerson:
		return codes.Text{EN: "recipient", JA: "受信者"}
	case codes.OwnerList:
		return codes.Text{EN: "list owner", JA: "リスト運営者"}
	}
	return codes.Text{EN: "sender", JA: "送信者"}
}

// Actor is who takes a step, and whom he has to reach by it: "[sender → recipient]".
func Actor(r codes.Remedy) codes.Text {
	who := OwnerName(r.Owner)
	if r.To == "" {
		return who
	}
	to := OwnerName(r.To)
	return codes.Text{EN: who.EN + " → " + to.EN, JA: who.JA + " → " + to.JA}
}

// stepText is a step: who does it, what, and when.
func stepText(r codes.Remedy, l codes.Lang) string {
	said := "[" + Actor(r).In(l) + "] " + r.Text.In(l)
	if w := r.When.In(l); w != "" {
		said += codes.Text{EN: " (" + w + ")", JA: "(" + w + ")"}.In(l)
	}
	return said
}
