package resolve

import (
	"errors"
	"fmt"
	"io"

	"github.com/miekg/dns"

	"todoku/codes"
)

// ParseZone reads a master file. Relative names need an $ORIGIN. The error
// tells file and line; a bound that is reached is a *codes.UserError.
func ParseZone(r io.Reader, file string) (*Zone, error) { return parseZone(r, file, maxZoneSize) }

// parseZone keeps the records within so many octets of memory.
func parseZone(r io.Reader, file string, limit int) (*Zone, error) {
	return parseLines(r, file, limit, nil)
}

// parseLines is parseZone for a text that was made of a file: lines are those of the file, by the line of the text; nil where
// both are the same.
func parseLines(r io.Reader, file string, limit int, lines []int) (*Zone, error) {
	z := &Zone{file: file, apex: map[string]dns.RR{}, dnames: map[string]dname{}, store: zoneStore{names: map[string]uint32{}, limit: limit}}
	text := newZoneText(r, file)
	text.lines = lines
	p := dns.NewZoneParser(text, "", file)
	p.SetDefaultTTL(3600)
	buf := make([]byte, dns.MaxMsgSize+256) // the data of one record and its owner
	for rr, ok := p.Next(); ok && !stopped(text.err); rr, ok = p.Next() {
		if err := z.add(rr, buf, text); err != nil {
			return nil, err
		}
	}
	switch err := p.Err(); {
	case stopped(text.err):
		return nil, text.err
	case err != nil:
		return nil, fmt.Errorf("zone file %s: %w", file, err)
	case z.store.count == 0:
		return nil, fmt.Errorf("zone file %s: %w", file, errors.New("no records in it"))
	}
	return z, z.belowDNAME()
}

// stopped tells an error of the text from its end.
func stopped(err error) bool { return err != nil && !errors.Is(err, io.EOF) }

func (z *Zone) add(rr dns.RR, buf []byte, text *zoneText) error {
	h := rr.Header()
	name, t := fromWire(h.Name), Type(h.Rrtype)
	if h.Class != dns.ClassINET {
		return text.recordFault(codes.Say(codes.Text{EN: "the {type} record of {name} is of another class than IN", JA: "{name} の {type} レコードのクラスが IN ではありません"}, codes.Str("type", t.String()), codes.Str("name", name)),
			codes.Text{EN: "leave it out: mail knows class IN only", JA: "このレコードを取り除いてください。メールで使うのは IN クラスだけです"})
	}
	if err := z.refused(rr, name, text); err != nil {
		return err
	}
	end, err := dns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		return text.recordFault(codes.Say(codes.Text{EN: "the {type} record of {name} cannot be sent: {why}", JA: "{name} の {type} レコードはDNSで送信できる形に変換できません: {why}"},
			codes.Str("type", t.String()), codes.Str("name", name), codes.Str("why", err.Error())),
			codes.Text{EN: "correct it or leave it out", JA: "このレコードを修正するか、取り除いてください"})
	}
	data := buf[end-int(h.Rdlength) : end] // PackRR sets the length of the data
	if err := z.alone(rr, name, text); err != nil {
		return err
	}
	if !z.store.put(name, stored{t: t, ttl: h.Ttl, line: uint32(text.recordLine()), data: data}) {
		return text.recordFault(codes.Say(codes.Text{EN: "the records take more than {size} MiB of memory, or are more than {n} ($GENERATE makes many of one line)",
			JA: "レコードの使用メモリーが{size}MiBを超えるか、件数が{n}件を超えています($GENERATE は1行から多数のレコードを作ります)"},
			codes.Num("size", max(z.store.limit>>20, 1)), codes.Num("n", maxRecords)), lessZone())
	}
	return nil
}
