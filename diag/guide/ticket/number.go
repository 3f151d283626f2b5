package ticket

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"todoku/codes"
)

// numbers are the delivery codes in a text, and the text without the numbers that are something else.
type numbers struct {
	codes []string
	plain string
}

// numbersIn looks at every number of three or five digits: a reply code of SMTP has three, a delivery code five.
func numbersIn(c *codes.Catalogue, text string) numbers {
	var out numbers
	var plain strings.Builder
	var series []string // 「42500番台」: a code only where no other is named
	last := 0
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			continue
		}
		end := i
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if n := end - i; n == 3 || n == 5 {
			may := mayBeCode(text[:i], text[end:])
			d, ok := c.Delivery(text[i:end])
			switch ok = ok && n == 5 && may; {
			case ok && strings.HasPrefix(text[end:], "番台"):
				series = append(series, d.ID)
			case ok && !slices.Contains(out.codes, d.ID):
				out.codes = append(out.codes, d.ID)
			}
			if !may && !insideIP(text, i, end) {
				plain.WriteString(text[last:i])
				last = end
			}
		}
		i = end
	}
	plain.WriteString(text[last:])
	out.plain = plain.String()
	if len(out.codes) == 0 {
		out.codes = slices.Compact(series)
	}
	return out
}

// insideIP reports whether digits are a part of an IP address: no reply code is read there.
func insideIP(text string, start, end int) bool {
	const longest = 45 // of an IP address
	inIP := func(c byte) bool { return isHex(c) || c == '.' || c == ':' }
	for from := start; start > 0 && from-start < longest && inIP(text[start-1]); {
		start--
	}
	for from := end; end < len(text) && end-from < longest && inIP(text[end]); {
		end++
	}
	_, err := netip.ParseAddr(strings.Trim(text[start:end], "."))
	return err == nil
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// mayBeCode reports whether a number may be a code by what stands before and behind it.
func mayBeCode(before, after string) bool {
	if enhancedBehind().MatchString(after) {
		return true
	}
	if countsBehind().MatchString(after) || joinedBehind().MatchString(after) && !rangeBehind().MatchString(after) {
		return false
	}
	line := labelBefore(before)
	if codeBefore().MatchString(line) || rangeBefore().MatchString(line) {
		return true
	}
	return !joinedBefore().MatchString(line) && !otherBefore().MatchString(line)
}

// maxLabel bounds what is read before a value, in octets: a label is short.
const maxLabel = 128

// labelBefore is the end of the line that stands before a value.
func labelBefore(text string) string {
	text = text[max(0, len(text)-maxLabel):]
	text = text[strings.LastIndexByte(text, '\n')+1:]
	for text != "" && !utf8.RuneStart(text[0]) {
		text = text[1:]
	}
	return text
}

var (
	// codeBefore announces a code, whatever else the words may mean: 「エラー番号」, "error code #".
	codeBefore = sync.OnceValue(compile(`(?i)(エラー|コ[ーー-]ド|ステータス|` +
		`応答|結果|\b(error|err|code|errorcode|status|result|reply))` +
		`\s*(番号|no\.?|number|id|コ[ーー-]ド|code)?\s*(は|が|に|:|=|#|-|「|『|\(|\[|<|"|'|【|の)?\s*["'「『(\[]?$`))
	// otherBefore announces a number of something else.
	otherBefore = sync.OnceValue(compile(`(?i)(番号|番|チケット|案件|受付|伝票` +
		`|電話|ファックス|携帯|内線|ポート|部屋|号室|会員|顧客|社員|` +
		`合計|総計|総数|総額|件数|通数|配` +
		`信数|送信数|対象者?数|人数|金額|` +
		`請求額|料金|価格|サイズ|約|およそ|計|全|残り|第|税込|税抜|西暦|令和|〒|` +
		`\b(no|nr|number|ticket|case|id|tel|fax|phone|ext|extension|port|size|order|room|about|total|count|invoice|` +
		`customer|member|line|delay|delays|pid|uid|version|v|ver)|[¥$€£#])` +
		`\s*(は|が|で|に|を|:|=|#|の|\.|「|『|\(|\[|<|"|'|【|id|no\.?)*\s*$`))
	// joinedBefore is a number that is a part of something longer: of a date, an amount, an address, a name.
	joinedBefore = sync.OnceValue(compile(`(?i)([a-z_@]|[0-9a-z][-/.,:]|[0-9]\s?[-~]\s?|//[^\s]*)$`))
	joinedBehind = sync.OnceValue(compile(`(?i)^([a-z_@%]|[-./:,][0-9a-z])`))
	// rangeBefore and rangeBehind join codes to a list of codes.
	rangeBefore = sync.OnceValue(compile(`\b[49][0-9]{4}\s?[-~/,.:]\s?$`))
	rangeBehind = sync.OnceValue(compile(`^[-/.,:][49][0-9]{4}\b`))
	// enhancedBehind is the enhanced code beside a reply code (RFC 3463).
	enhancedBehind = sync.OnceValue(compile(`^[- ]?[#(\[]?[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`))
	// countsBehind is the unit of what a number counts.
	countsBehind = sync.OnceValue(compile(`(?i)^( ?(円|件([^名数]|$)|通(` +
		`[^知信常り数]|$)|人([^数]|$)|名([^前称義]|$)|社([^内外数]|$)|ドル|ユーロ)|` +
		`個|回([^答線避復]|$)|行|台|` +
		`枚|冊|点|歳|年|月|日|時|分|秒` +
		`|番地|丁目|号|階|バイト|ポイント` +
		`|アドレス[にへを]|レコード|ユーザー?[にへが]|以上|以下|未満|超|を超え|を上回|弱|` +
		`に(メールを?)?(一斉)?(配信|送信|送|発送)| ?(mails?|e-?mails?|messages|recipients|addresses|customers|users|people|` +
		`subscribers|contacts|records|rows|times|bytes|octets|kb|mb|gb|ms|yen|usd|jpy|dollars|points|copies|minutes|hours|days)\b)`))
)
