package check

import (
	"time"

	"todoku/codes"
	"todoku/diag/bimi"
)

// bimiFaultText says what is wrong in a record.
func bimiFaultText(f bimi.Fault) codes.Text {
	s, want := "\""+shortened(f.Text)+"\"", f.Expected
	switch f.Kind {
	case bimi.BadVersion:
		return codes.Text{EN: s + " is not " + want + " at the beginning", JA: s + " は先頭の " + want + " として認識されません"}
	case bimi.LeadingSpace:
		return codes.Text{EN: "blanks before " + want, JA: want + " の前に空白があります"}
	case bimi.EmptyTag:
		return codes.Text{EN: "two semicolons follow each other", JA: "セミコロンが連続しています"}
	case bimi.NoEquals, bimi.BadName:
		return codes.Text{EN: s + " is no tag (" + want + ")", JA: s + " はタグではありません(書式: " + want + ")"}
	case bimi.TagCase:
		return codes.Text{EN: s + " is written " + want, JA: s + " は小文字の " + want + " で書きます"}
	case bimi.BadCharacter:
		return codes.Text{EN: "a character that may not stand there: " + s, JA: "使用できない文字があります: " + s}
	case bimi.Duplicate:
		return codes.Text{EN: "the tag " + f.Tag + "= stands twice", JA: "タグ " + f.Tag + "= が重複しています"}
	case bimi.MissingL:
		return codes.Text{EN: "the tag l= is missing (" + want + ")", JA: "タグ l= がありません(" + want + ")"}
	case bimi.NoLocation:
		return codes.Text{EN: "a= names a certificate, but l= no logo", JA: "a= に証明書がありますが、l= にロゴの指定がありません"}
	case bimi.BadURI:
		return codes.Text{EN: s + " is not one address (" + want + ")", JA: s + " は1つのURLになっていません(" + want + ")"}
	case bimi.BadScheme:
		return codes.Text{EN: s + " does not begin with https://", JA: s + " が https:// で始まっていません"}
	case bimi.BadHost:
		return codes.Text{EN: s + " has no full host name", JA: s + " に完全なホスト名がありません"}
	case bimi.BadComma:
		return codes.Text{EN: "a comma in " + s + " (written %2C in one address; several are not allowed)",
			JA: s + " にコンマがあります(1つのURLの中では %2C と書きます。URLを複数並べることはできません)"}
	case bimi.BadSuffix:
		return codes.Text{EN: s + " is no SVG file (" + want + ")", JA: s + " はSVGファイルではありません(" + want + ")"}
	case bimi.BadLocalParts:
		return codes.Text{EN: s + " is no prefix of local parts (" + want + ")", JA: s + " はローカルパートの接頭辞として使えません(" + want + ")"}
	}
	return codes.Text{EN: f.Tag + "=" + shortened(f.Text) + " (allowed: " + want + ")", JA: f.Tag + "=" + shortened(f.Text) + " は使用できません(" + want + ")"}
}

// svgText says what is wrong in a logo.
func svgText(f bimi.SVGFault) codes.Text {
	name, value, want := shortened(f.Name), shortened(f.Value), f.Expected
	switch f.Kind {
	case bimi.SVGUnpack:
		return codes.Text{EN: "it cannot be unpacked (gzip: " + value + ")", JA: "gzipを展開できません(" + value + ")"}
	case bimi.SVGNotXML:
		return codes.Text{EN: "it is not well-formed XML (" + value + ")", JA: "XMLとして正しくありません(" + value + ")"}
	case bimi.SVGNotSVG:
		return codes.Text{EN: "it is no SVG, but begins with " + name, JA: "SVGではなく、" + name + " で始まっています"}
	case bimi.SVGNamespace:
		return codes.Text{EN: "<svg> lacks xmlns=\"" + want + "\"", JA: "<svg> に xmlns=\"" + want + "\" がありません"}
	case bimi.SVGDoctype:
		return codes.Text{EN: name + " is not allowed", JA: name + " は使用できません"}
	case bimi.SVGVersion, bimi.SVGProfile:
		if value == "" {
			return codes.Text{EN: "<svg> lacks " + name + "=\"" + want + "\"", JA: "<svg> に " + name + "=\"" + want + "\" がありません"}
		}
		return codes.Text{EN: name + "=\"" + value + "\" must be " + want, JA: name + "=\"" + value + "\" は " + want + " でなければなりません"}
	case bimi.SVGTitleMissing:
		return codes.Text{EN: "there is no <title>", JA: "<title> がありません"}
	case bimi.SVGTitleEmpty:
		return codes.Text{EN: "<title> is empty", JA: "<title> が空です"}
	case bimi.SVGTitleSeveral:
		return codes.Text{EN: "there is more than one <title>", JA: "<title> が複数あります"}
	case bimi.SVGDescEmpty:
		return codes.Text{EN: "<desc> is empty", JA: "<desc> が空です"}
	case bimi.SVGRootPosition:
		return codes.Text{EN: "<svg> has " + name + "=, which editors add and the profile forbids",
			JA: "<svg> に " + name + "= があります(作成ソフトが付けますが、使用できません)"}
	}
	return svgPartText(f, name, value, want)
}

// svgPartText says what is wrong with an element or an attribute.
func svgPartText(f bimi.SVGFault, name, value, want string) codes.Text {
	switch f.Kind {
	case bimi.SVGScript:
		return codes.Text{EN: name + " is script, which is not allowed", JA: name + " はスクリプトのため使用できません"}
	case bimi.SVGAnimation:
		return codes.Text{EN: name + " is animation, which is not allowed", JA: name + " はアニメーションのため使用できません"}
	case bimi.SVGRaster:
		return codes.Text{EN: name + " is a raster image, which is not allowed", JA: name + " はラスター画像のため使用できません"}
	case bimi.SVGMedia:
		return codes.Text{EN: name + " is sound or video, which is not allowed", JA: name + " は音声・動画のため使用できません"}
	case bimi.SVGLink:
		return codes.Text{EN: name + " is a link, which is not allowed", JA: name + " はリンクのため使用できません"}
	case bimi.SVGStyle:
		return codes.Text{EN: name + ": style sheets are not allowed, only attributes such as fill=", JA: name + ": スタイルシートは使用できません(fill= などの属性で指定します)"}
	case bimi.SVGForeign:
		return codes.Text{EN: name + " is of another language than SVG", JA: name + " はSVG以外の記述のため使用できません"}
	case bimi.SVGNested:
		return codes.Text{EN: name + " may not stand in " + value, JA: name + " は " + value + " の中に置けません"}
	case bimi.SVGAttribute:
		return codes.Text{EN: name + "= is not allowed in " + value, JA: name + "= は " + value + " に使用できません"}
	case bimi.SVGValue:
		return codes.Text{EN: name + "=\"" + value + "\" is not allowed (" + want + ")", JA: name + "=\"" + value + "\" は使用できません(" + want + ")"}
	case bimi.SVGExternal:
		return codes.Text{EN: name + " refers to something outside of the file", JA: name + " がファイルの外部を参照しています"}
	case bimi.SVGText:
		return codes.Text{EN: "text in " + name, JA: name + " の中に文字があります"}
	case bimi.SVGTitleLong:
		return codes.Text{EN: "<title> has " + value + " characters, " + want + " are meant to be the most", JA: "<title> が" + value + "文字あります(上限の目安は" + want + "文字)"}
	case bimi.SVGNotSquare:
		return codes.Text{EN: "the picture is not square (" + value + ")", JA: "画像が正方形ではありません(" + value + ")"}
	case bimi.SVGNoSize:
		return codes.Text{EN: "there is no viewBox that tells the size of the picture", JA: "画像の大きさを示す viewBox がありません"}
	case bimi.SVGRelative:
		return codes.Text{EN: name + "=\"" + value + "\" is relative", JA: name + "=\"" + value + "\" は相対指定です"}
	case bimi.SVGSmall:
		return codes.Text{EN: name + "=\"" + value + "\" is under " + want + " pixels", JA: name + "=\"" + value + "\" は" + want + "ピクセル未満です"}
	}
	return codes.Text{EN: name + " is not allowed", JA: name + " は使用できません"}
}

// certText says what is wrong with a mark certificate.
func certText(f bimi.CertFault) codes.Text {
	v, day := shortened(f.Value), f.At.UTC().Format(time.DateOnly)
	switch f.Kind {
	case bimi.CertNone:
		return codes.Text{EN: "there is no certificate in PEM in it (" + v + ")", JA: "PEM形式の証明書がありません(" + v + ")"}
	case bimi.CertPrivateKey:
		return codes.Text{EN: "it holds a private key: take it away at once and have a new certificate issued",
			JA: "秘密鍵が含まれています。直ちに取り除き、証明書を再発行してください"}
	case bimi.CertUnreadable:
		return codes.Text{EN: "a part of it is no certificate (" + v + ")", JA: "証明書として読み取れない部分があります(" + v + ")"}
	case bimi.CertNoMark:
		return codes.Text{EN: "that of " + v + " is no mark certificate", JA: v + " の証明書はマーク証明書ではありません"}
	case bimi.CertSeveral:
		return codes.Text{EN: "it holds " + v + " mark certificates, one is allowed", JA: "マーク証明書が" + v + "件あります(1件だけ置けます)"}
	case bimi.CertExpired:
		return codes.Text{EN: "that of " + v + " expired on " + day, JA: v + " の証明書は " + day + " に期限が切れています"}
	case bimi.CertNotYet:
		return codes.Text{EN: "that of " + v + " is valid from " + day + " only", JA: v + " の証明書は " + day + " から有効です"}
	case bimi.CertUsage, bimi.CertIssuerUsage:
		return codes.Text{EN: "that of " + v + " is not made for BIMI (no extended key usage " + f.Expected + ")",
			JA: v + " の証明書はBIMI用ではありません(拡張キー使用法 " + f.Expected + " がありません)"}
	case bimi.CertDomain:
		if v == "" {
			return codes.Text{EN: "it names no domain", JA: "ドメイン名が記載されていません"}
		}
		return codes.Text{EN: "it is for " + v + ", not for " + f.Expected, JA: f.Expected + " ではなく " + v + " の証明書です"}
	case bimi.CertIncomplete:
		return codes.Text{EN: "the certificate of its issuer is missing (" + shortened(f.Expected) + ")", JA: "発行者の証明書がありません(" + shortened(f.Expected) + ")"}
	case bimi.CertChain:
		return codes.Text{EN: "its chain does not hold (" + v + ")", JA: "証明書チェーンが成立しません(" + v + ")"}
	case bimi.CertUntrusted:
		return codes.Text{EN: "its chain ends at " + v + ", which is none of the given roots", JA: "証明書チェーンの終端 " + v + " が、指定されたルート証明書にありません"}
	}
	return certLogoText(f, v)
}

// certLogoText says what is wrong with the logo of a certificate, or with what else its profile asks for.
func certLogoText(f bimi.CertFault, v string) codes.Text {
	switch f.Kind {
	case bimi.CertNoLogo:
		return codes.Text{EN: "there is no logo in it", JA: "ロゴが含まれていません"}
	case bimi.CertLogoBroken:
		return codes.Text{EN: "the logo in it cannot be read", JA: "証明書内のロゴを読み取れません"}
	case bimi.CertLogoElsewhere:
		return codes.Text{EN: "the logo is not in it (" + v + ")", JA: "ロゴが証明書内に埋め込まれていません(" + v + ")"}
	case bimi.CertLogoHash:
		return codes.Text{EN: "the logo in it and its hash do not match", JA: "証明書内のロゴとハッシュ値が一致しません"}
	case bimi.CertLogoDiffers:
		return codes.Text{EN: "the logo in it is not the one at l=", JA: "証明書内のロゴが l= のロゴと異なります"}
	case bimi.CertLogoFault:
		return codes.Text{EN: "the logo in it breaks SVG Tiny PS: " + f.Value, JA: "証明書内のロゴがSVG Tiny PSに適合していません: " + f.Expected}
	case bimi.CertOrder:
		return codes.Text{EN: "the certificates are out of order, that of " + v + " does not stand in its place",
			JA: "証明書の順序が正しくありません(" + v + ")"}
	case bimi.CertDuplicate:
		return codes.Text{EN: "certificate " + v + " of the file repeats another", JA: "ファイル内の" + v + "番目の証明書が重複しています"}
	case bimi.CertNoSCT:
		return codes.Text{EN: "it holds no proof of certificate transparency (SCT)", JA: "証明書の透明性(CT)の証明(SCT)が含まれていません"}
	case bimi.CertNoCRL:
		return codes.Text{EN: "it does not say where revocations are listed (CRL)", JA: "失効リスト(CRL)の場所が記載されていません"}
	case bimi.CertMarkType:
		return codes.Text{EN: "it says no kind of mark that is known (" + v + ")", JA: "マークの種類が記載されていないか、既知の種類ではありません(" + v + ")"}
	}
	return codes.Same(string(f.Kind))
}
