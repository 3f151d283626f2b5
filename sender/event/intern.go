package event

// maxNames bounds an interner.
const maxNames = 4096

// interner gives one string for all equal names.
type interner map[string]string

func (n interner) name(b []byte) string {
	if s, ok := n[string(b)]; ok {
		return s
	}
	if len(n) >= maxNames {
		clear(n)
	}
	s := string(b)
	n[s] = s
	return s
}
