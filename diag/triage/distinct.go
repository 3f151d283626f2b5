package triage

import (
	"math"
	"math/bits"
)

// Distinct counts different values by their hashes: exactly as long as there are few, then by an estimate (HyperLogLog,
// standard error 0.8 %). The result does not depend on the order of the values.
type Distinct struct {
	set       []uint64 // a table of hashes, 0 where a place is free; its length is a power of two
	n         int
	registers []uint8 // once there are more than maxExact
}

const (
	maxExact    = 2048
	indexBits   = 14 // of a hash, which register it belongs to
	smallestSet = 8
)

// Add counts a value.
func (d *Distinct) Add(hash uint64) {
	if d.registers != nil {
		d.register(hash)
		return
	}
	if hash == 0 {
		hash = 1
	}
	if d.set == nil {
		d.set = make([]uint64, smallestSet)
	}
	if !insert(d.set, hash) {
		return
	}
	switch d.n++; {
	case d.n > maxExact:
		d.registers = make([]uint8, 1<<indexBits)
		for _, h := range d.set {
			if h != 0 {
				d.register(h)
			}
		}
		d.set = nil
	case 2*d.n > len(d.set):
		larger := make([]uint64, 2*len(d.set))
		for _, h := range d.set {
			if h != 0 {
				insert(larger, h)
			}
		}
		d.set = larger
	}
}

// insert puts a hash into a table that has room; false: it was there.
func insert(set []uint64, hash uint64) bool {
	for i := hash & uint64(len(set)-1); ; i = (i + 1) & uint64(len(set)-1) {
		switch set[i] {
		case 0:
			set[i] = hash
			return true
		case hash:
			return false
		}
	}
}

func (d *Distinct) register(hash uint64) {
	i := hash >> (64 - indexBits)
	d.registers[i] = max(d.registers[i], uint8(bits.LeadingZeros64(hash<<indexBits|1))+1)
}

// Count is how many there are; exact reports whether that is no estimate.
func (d *Distinct) Count() (n int64, exact bool) {
	if d.registers == nil {
		return int64(d.n), true
	}
	sum, zero := 0.0, 0
	for _, r := range d.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zero++
		}
	}
	m := float64(len(d.registers))
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && zero > 0 { // linear counting is better for few
		estimate = m * math.Log(m/float64(zero))
	}
	return int64(math.Round(estimate)), false
}

// hashLower is a hash of a text whatever its ASCII case; the same in every run.
func hashLower(s string, seed uint64) uint64 {
	h := seed ^ 14695981039346656037
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	h ^= h >> 33 // FNV-1a leaves the high bits of short texts alike
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// merge adds the values of another one.
func (d *Distinct) merge(o *Distinct) {
	for _, h := range o.set {
		if h != 0 {
			d.Add(h)
		}
	}
	if o.registers == nil {
		return
	}
	if d.registers == nil {
		registers := make([]uint8, len(o.registers))
		set := d.set
		d.registers, d.set = registers, nil
		for _, h := range set {
			if h != 0 {
				d.register(h)
			}
		}
	}
	for i, r := range o.registers {
		d.registers[i] = max(d.registers[i], r)
	}
}
