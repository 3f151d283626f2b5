package content

import (
	"strings"
	"sync"
)

// isField reports a name that templates use for what they know of a reader, however it is spelled: "FIRST NAME", "first_name",
// "firstName", "氏名".
func isField(s string) bool {
	key := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("_-. :*=", r):
			return -1
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, s)
	key = strings.TrimRight(key, "0123456789")
	return key != "" && fields()[key]
}

var fields = sync.OnceValue(func() map[string]bool {
	return set(`
	name fname lname firstname lastname fullname familyname givenname middlename nickname username yourname customername
	contactname contactfirstname contactlastname recipientname membername usersname subscribername subscriberfirstname
	userfirstname customerfirstname firstnamefix mergename namae sei mei seimei
	email mail emailaddress mailaddress useremail contactemail subscriberemail youremail
	company companyname yourcompany yourcompanyname organization organisation department position jobtitle salutation title
	phone phonenumber tel mobile address address line zip zipcode postalcode city prefecture country birthday birthdate
	customerid customernumber memberid membernumber userid orderid ordernumber orderno orderdate ordertotal
	trackingnumber couponcode coupon discountcode amount price total duedate deadline eventdate eventname productname
	unsubscribe unsubscribeurl unsubscribelink unsub optout optouturl preferences preferencesurl updateprofile archive viewinbrowser
	webversion subject preheader currentyear senderaddress sendername listname listaddress insertname insertnamehere
	氏名 お名前 名前 姓 名 姓名 苗字 名字 フルネーム 宛名 宛先名 会社名 御社名 貴社名 企業名
	法人名 店舗名 部署 部署名 役職 担当者 担当者名 ご担当者名
	顧客名 お客様名 会員名 会員番号 会員id 顧客番号 お客様番号 ユーザー名 ユーザ名 ニックネーム
	メールアドレス メール 電話番号 郵便番号 住所 ご住所
	生年月日 誕生日 注文番号 ご注文番号 受付番号 予約番号 予約日時 日時 開催日 開催日時 日付 金額
	ご請求金額 請求金額 合計金額 商品名 サービス名 プラン名 クーポンコード
	クーポン 配信停止url 配信停止リンク 解除url 件名 差出人名 送信者名 セミナー名 イベント名
	ここに名前 名前を入力 氏名を入力 差し込み`)
})

// set is the words of a text.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
