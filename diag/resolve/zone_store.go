package resolve

import "encoding/binary"

// zoneStore keeps the records of a zone in little memory: as they stand on the
// wire, in blocks, each with a link to the record before it of the same name.
type zoneStore struct {
	names  map[string]uint32 // the place of a name's last record; noRecord: only names below have any
	blocks [][]byte
	weight int // octets of memory in use, roughly
	limit  int // of the weight
	count  int
}

const (
	noRecord    = 0
	storeBlock  = 1 << 20
	recordHead  = 4 + 2 + 4 + 4 + 2 // the record before, type, TTL, line, length of the data
	nameWeight  = 64                // of an entry in names, beyond the octets of the name
	maxZoneSize = 60 << 20          // of weight
	maxRecords  = 500_000
)

// stored is a record as the store keeps it.
type stored struct {
	before uint32 // the place of the record before it of the same name, or noRecord
	t      Type
	ttl    uint32
	line   uint32 // of the file
	data   []byte // in wire form
}

// put adds a record; false where the bound is reached.
func (s *zoneStore) put(name string, r stored) bool {
	before, known := s.names[name]
	if !known {
		s.weight += nameWeight + len(name)
		for at := Parent(name); at != ""; at = Parent(at) {
			if _, there := s.names[at]; there {
				break
			}
			s.names[at] = noRecord
			s.weight += nameWeight
		}
	}
	s.weight += recordHead + len(r.data)
	if s.count++; s.count > maxRecords || s.weight > s.limit {
		return false
	}
	r.before = before
	s.names[name] = s.write(r)
	return true
}

// write appends to the last block. A place is the number of the block and the
// offset in it, plus one.
func (s *zoneStore) write(r stored) uint32 {
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+recordHead+len(r.data) > storeBlock {
		s.blocks = append(s.blocks, nil)
		last++
	}
	b := s.blocks[last]
	place := uint32(last*storeBlock+len(b)) + 1
	b = binary.BigEndian.AppendUint32(b, r.before)
	b = binary.BigEndian.AppendUint16(b, uint16(r.t))
	b = binary.BigEndian.AppendUint32(b, r.ttl)
	b = binary.BigEndian.AppendUint32(b, r.line)
	b = binary.BigEndian.AppendUint16(b, uint16(len(r.data)))
	s.blocks[last] = append(b, r.data...)
	return place
}

// at reads the record at a place.
func (s *zoneStore) at(place uint32) stored {
	b := s.blocks[(place-1)/storeBlock][(place-1)%storeBlock:]
	n := int(binary.BigEndian.Uint16(b[14:]))
	return stored{binary.BigEndian.Uint32(b), Type(binary.BigEndian.Uint16(b[4:])), binary.BigEndian.Uint32(b[6:]),
		binary.BigEndian.Uint32(b[10:]), b[recordHead : recordHead+n]}
}

// has reports whether a name has records of a type.
func (s *zoneStore) has(name string, t Type) bool {
	for place := s.names[name]; place != noRecord; {
		r := s.at(place)
		if r.t == t {
			return true
		}
		place = r.before
	}
	return false
}

// lastBut gives the type of the record of a name that came last, types passed over left out.
func (s *zoneStore) lastBut(name string, passedOver func(Type) bool) (Type, bool) {
	for place := s.names[name]; place != noRecord; {
		r := s.at(place)
		if !passedOver(r.t) {
			return r.t, true
		}
		place = r.before
	}
	return 0, false
}
