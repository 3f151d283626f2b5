package resolve

import (
	"errors"
	"fmt"
	"io"

	"github.com/miekg/dns"

	"todoku/codes"
)

// ParseZone reads a master file. Relative names need an $ORIGIN. The error
// tells file and line; a bound that is reached is an *InputError.
func ParseZone(r io.Reader, file string) (*Zone, error) { return parseZone(r, file, maxZoneSize) }

// parseZone keeps the records within so many octets of memory.
func parseZone(r io.Reader, file string, limit int) (*Zone, error) {
	z := &Zone{file: file, apex: map[string]bool{}, store: zoneStore{names: map[string]uint32{}, limit: limit}}
	text := newZoneText(r, file)
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
	return z, nil
}

// stopped tells an error of the text from its end.
func stopped(err error) bool { return err != nil && !errors.Is(err, io.EOF) }

func (z *Zone) add(rr dns.RR, buf []byte, text *zoneText) error {
	h := rr.Header()
	name, t := fromWire(h.Name), Type(h.Rrtype)
	if h.Class != dns.ClassINET {
		return text.recordFault(sayf(codes.Text{EN: "the %s record of %s is of another class than IN", JA: "%[2]s の %[1]s レコードのクラスが IN ではありません"}, t, name),
			codes.Text{EN: "leave it out: mail knows class IN only", JA: "このレコードを取り除いてください。メールで使うのは IN クラスだけです"})
	}
	switch t {
	case TypeMX, TypeCNAME, TypePTR, TypeNS:
		if record(rr).Host == "" { // the library lets it pass
			return text.recordFault(sayf(codes.Text{EN: "the %s record of %s names no host", JA: "%[2]s の %[1]s レコードにホスト名がありません"}, t, name),
				codes.Text{EN: "write a host name at its end", JA: "レコードの末尾にホスト名を書いてください"})
		}
	case TypeSOA:
		z.apex[name] = true
	}
	end, err := dns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		return text.recordFault(sayf(codes.Text{EN: "the %s record of %s cannot be sent: %v", JA: "%[2]s の %[1]s レコードはDNSで送信できる形に変換できません: %[3]v"}, t, name, err),
			codes.Text{EN: "correct it or leave it out", JA: "このレコードを修正するか、取り除いてください"})
	}
	if !z.store.put(name, t, h.Ttl, buf[end-int(h.Rdlength):end]) { // PackRR sets the length of the data
		return text.recordFault(sayf(codes.Text{EN: "the records take more than %d MiB of memory, or are more than %d ($GENERATE makes many of one line)",
			JA: "レコードの使用メモリーが%dMiBを超えるか、件数が%d件を超えています($GENERATE は1行から多数のレコードを作ります)"}, max(z.store.limit>>20, 1), maxRecords), lessZone())
	}
	return nil
}
