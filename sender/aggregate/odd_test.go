package aggregate_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// swap replaces what must be there.
func swap(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%q is not there", old)
	}
	return bytes.Replace(data, []byte(old), []byte(new), 1)
}

func TestOddXMLIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	upper := swap(t, swap(t, x, "<dkim>pass<", "<dkim>PASS<"), "<header_from>shop.example<", "<header_from> Shop.Example. <")
	check(t, map[string]want{
		"byte order mark":    {"r.xml", append([]byte("\xef\xbb\xbf"), x...), 1, "", false},
		"UTF-16 with a mark": {"r.xml", utf16(x, unicode.LittleEndian, unicode.UseBOM), 1, "", false},
		"UTF-16, big":        {"r.xml", utf16(x, unicode.BigEndian, unicode.UseBOM), 1, "", false},
		"UTF-16, no mark":    {"r.xml", utf16(x, unicode.BigEndian, unicode.IgnoreBOM), 1, "", false},
		"UTF-16 is a lie":    {"r.xml", swap(t, x, "UTF-8", "UTF-16"), 1, "", false},
		"capital letters":    {"r.xml", upper, 1, "", false},
		"capital elements":   {"r.xml", swap(t, swap(t, x, "<org_name>", "<Org_Name>"), "</org_name>", "</ORG_NAME>"), 1, "", false},
		"a prefix": {"r.xml", []byte(strings.NewReplacer("</", "</d:", "<?", "<?", "<", "<d:").Replace(string(x))), 1,
			"", false},
		"attributes": {"r.xml", swap(t, x, "<org_name>", "<org_name lang='a>b' x = \"</org_name>\" >"), 1, "", false},
		"CDATA":      {"r.xml", swap(t, x, "Mail of Kyoto", "<![CDATA[Mail ]]>of<![CDATA[ Kyoto]]>"), 1, "", false},
		"references": {"r.xml", swap(t, x, "Mail of Kyoto", "&#77;ail &#x6F;f Kyoto"), 1, "", false},
		"comments":   {"r.xml", swap(t, x, "Mail of Kyoto", "Mail <!-- </org_name> > -->of<?php echo ?> Kyoto"), 1, "", false},
		"an extension": {"r.xml", swap(t, x, "<record>",
			"<extension><x:a xmlns:x='u'><count>7</count></x:a></extension><record>"), 1, "", false},
		"an empty tag":   {"r.xml", swap(t, x, "<auth_results>", "<auth_results><dkim/>"), 1, "", false},
		"junk before":    {"r.xml", append([]byte("Content-Length: 12\n\n"), x...), 1, "junk_before", false},
		"blanks before":  {"r.xml", append([]byte("\r\n \t"), x...), 1, "", false},
		"no declaration": {"r.xml", x[bytes.IndexByte(x, '\n')+1:], 1, "", false},
		"a DTD": {"r.xml", swap(t, x, "<feedback>", `<!DOCTYPE feedback [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><feedback>`), 1,
			"has_dtd", false},
		"unknown elements": {"r.xml", swap(t, x, "<record>", "<weather><sun/>7</weather><record>"), 1, "unknown_element", false},
		"within another":   {"r.xml", swap(t, x, "<feedback>", "<schema>\n<feedback>"), 1, "unknown_element", false},
		"a second policy":  {"r.xml", swap(t, x, "<record>", "<policy_published><pct>3</pct></policy_published><record>"), 1, "repeated", false},
		"a text twice":     {"r.xml", swap(t, x, "<org_name>", "<org_name>Mail of Kyoto</org_name><org_name>"), 1, "", false},
		"two texts":        {"r.xml", swap(t, x, "</org_name>", "</org_name><org_name>Osaka</org_name>"), 1, "repeated", false},
		"an open element":  {"r.xml", swap(t, x, "</email>", ""), 1, "bad_xml", false},
		"an open record":   {"r.xml", swap(t, x, "</record>", ""), 1, "bad_xml", false},
		"a lonely end":     {"r.xml", swap(t, x, "</email>", "</email></b>"), 1, "bad_xml", false},
		"the end missing":  {"r.xml", swap(t, x, "</feedback>", ""), 1, "truncated", true},
		"twice":            {"r.xml", append(append([]byte{}, x...), x...), 2, "", false},
		"twice, one cut": {"r.xml", append(swap(t, x, "</feedback>\n", ""), x...), 2,
			"truncated", true},
		"in a list": {"r.xml", []byte("<all>" + string(x[bytes.IndexByte(x, '\n'):]) + string(x[bytes.IndexByte(x, '\n'):]) + "</all>"), 2,
			"unknown_element", false},
		"long comment": {"r.xml", swap(t, x, "<record>", "<!--"+strings.Repeat("<count>9</count>", 20_000)+"--><record>"), 1, "", false},
	}, func(r aggregate.Report) bool { return reflect.DeepEqual(r.DMARC, weekly()) })
}

func TestTextsOfOtherCharsetsAreFoundOut(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	in := func(name string, text string) []byte {
		enc := map[string]interface {
			Bytes([]byte) ([]byte, error)
		}{"ISO-2022-JP": japanese.ISO2022JP.NewEncoder(), "Shift_JIS": japanese.ShiftJIS.NewEncoder(), "UTF-8": encoding.Nop.NewEncoder()}[name]
		b, err := enc.Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	// Its octets in ISO-2022-JP look like tags.
	const text = "迷惑メールではないと受信者が判断したため、配信しました"
	for name, c := range map[string]struct {
		declared, real, faults string
	}{
		"declared":         {"ISO-2022-JP", "ISO-2022-JP", ""},
		"declared as well": {"Shift_JIS", "Shift_JIS", ""},
		"not declared":     {"UTF-8", "ISO-2022-JP", "bad_charset"},
		"a lie":            {"UTF-8", "Shift_JIS", "bad_charset"},
		"another lie":      {"ISO-8859-1", "UTF-8", "bad_charset"},
	} {
		data := swap(t, x, "転送 &amp; 一覧", "list")
		data = swap(t, data, "<comment>arc=pass", "<comment>"+string(in(c.real, text)))
		got := read(t, swap(t, data, `"UTF-8"`, `"`+c.declared+`"`), "r.xml")
		if len(got) != 1 || got[0].DMARC == nil || len(got[0].DMARC.Rows) != 2 || strings.Join(kinds(got), " ") != c.faults {
			t.Errorf("%s: got %+v", name, got)
			continue
		}
		if o := got[0].DMARC.Rows[1].Overrides; len(o) != 2 || o[1].Comment != text {
			t.Errorf("%s: got %+v", name, o)
		}
	}
}

func TestAddressesWithinAngleBracketsAreText(t *testing.T) {
	t.Parallel()
	x := swap(t, aggregatetest.XML(weekly(), aggregatetest.RFC7489), "dmarc@kyoto.example", "<dmarc@kyoto.example>")
	x = swap(t, x, "<header_from>shop.example", "<header_from>shop<.example")
	got := read(t, x, "r.xml")
	if len(got) != 1 || got[0].DMARC.Email != "<dmarc@kyoto.example>" || got[0].DMARC.Rows[0].HeaderFrom != "shop<.example" ||
		strings.Join(kinds(got), " ") != "bad_xml" || got[0].Lost() || got[0].Faults[0].Line != 6 {
		t.Errorf("got %+v", got)
	}
}

func TestValuesThatCannotBeReadAreToldWithTheirLine(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	for name, c := range map[string]struct {
		old, new string
		rows     int
		faults   string
		lost     bool
	}{
		"healthy":             {"<count>120<", "<count>120<", 2, "", false},
		"a fraction":          {"<count>120<", "<count>120.0<", 2, "", false},
		"no count":            {"<count>120</count>", "", 1, "row_lost", true},
		"an empty count":      {"<count>120<", "<count><", 1, "row_lost", true},
		"a word":              {"<count>120<", "<count>many<", 1, "bad_number row_lost", true},
		"below zero":          {"<count>120<", "<count>-3<", 1, "bad_number row_lost", true},
		"too large":           {"<count>120<", "<count>9223372036854775807<", 1, "bad_number row_lost", true},
		"no address":          {"<source_ip>192.0.2.25<", "<source_ip>host.example<", 2, "bad_address", false},
		"an odd address":      {"<source_ip>192.0.2.25<", "<source_ip>192.0.2.256<", 2, "bad_address", false},
		"after all calendars": {"<begin>1793577600<", "<begin>95000000000<", 2, "bad_time missing", false},
		"milliseconds":        {"<begin>1793577600<", "<begin>1793577600000<", 2, "", false},
		"no time":             {"<begin>1793577600<", "<begin>yesterday<", 2, "bad_time missing", false},
		"written time":        {"<begin>1793577600<", "<begin>2026-11-02T00:00:00Z<", 2, "", false},
		"seconds with parts":  {"<begin>1793577600<", "<begin>1793577600.25<", 2, "", false},
		"reversed":            {"<end>1793663999<", "<end>1700000000<", 2, "bad_period", false},
		"no domain":           {"<domain>shop.example</domain>\n    <adkim>", "<adkim>", 2, "missing", false},
		"a cut record": {"<auth_results>\n    </auth_results>\n  </record>\n</feedback>\n", "<auth_results>\n", 1,
			"row_lost truncated", true},
	} {
		data := []byte(strings.Replace(string(x), c.old, c.new, 1))
		if name != "healthy" && bytes.Equal(data, x) {
			t.Errorf("%s: %q is not there", name, c.old)
		}
		got := read(t, data, "r.xml")
		if len(got) != 1 || len(got[0].DMARC.Rows) != c.rows || strings.Join(kinds(got), " ") != c.faults || got[0].Lost() != c.lost {
			t.Errorf("%s: got %+v", name, got)
			continue
		}
		for _, f := range got[0].Faults {
			if f.Line == 0 || f.Message().EN == "" || f.Message().JA == "" {
				t.Errorf("%s: fault %+v", name, f)
			}
		}
	}
}
