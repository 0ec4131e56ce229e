package audit

// maxAligned bounds the work of aligning the lists of one change: it is how many
// pairs of elements are looked at. Beyond it elements are compared by position.
const maxAligned = 1 << 16

// lists keeps the elements that stand in both in the same order, and compares
// what lies between two kept ones.
func (d *differ) lists(at places, before, after *jsonValue) {
	b, a := 0, 0
	for _, kept := range d.align(d.hashesOf(before.elems), d.hashesOf(after.elems)) {
		d.run(at, before.elems, after.elems, b, kept[0], a, kept[1])
		b, a = kept[0]+1, kept[1]+1
	}
	d.run(at, before.elems, after.elems, b, len(before.elems), a, len(after.elems))
}

func (d *differ) hashesOf(values []*jsonValue) []uint64 {
	hashes := make([]uint64, len(values))
	for i, value := range values {
		hashes[i] = d.hash(value)
	}
	return hashes
}

// run compares before[b:bEnd] with after[a:aEnd], which have no element in
// common: structured elements with the same identity, or at the same place in
// runs of equal length, changed inside; everything else was removed or added.
func (d *differ) run(at places, before, after []*jsonValue, b, bEnd, a, aEnd int) {
	if b == bEnd && a == aEnd || d.full() {
		return
	}
	pairs := pairElements(before[b:bEnd], after[a:aEnd])
	paired := map[int]bool{}
	for i := b; i < bEnd && !d.full(); i++ {
		if j, ok := pairs[i-b]; ok {
			paired[a+j] = true
			d.compare(at.index(i, a+j), before[i], after[a+j])
			continue
		}
		d.compare(at.index(i, i), before[i], nil)
	}
	for j := a; j < aEnd && !d.full(); j++ {
		if !paired[j] {
			d.compare(at.index(j, j), nil, after[j])
		}
	}
}

// pairElements says which removed element (by index) became which added one.
func pairElements(before, after []*jsonValue) map[int]int {
	pairs := map[int]int{}
	byIdentity := map[string]int{}
	for j, elem := range after {
		if identity := identityOf(elem); identity != "" {
			if _, twice := byIdentity[identity]; !twice {
				byIdentity[identity] = j
			}
		}
	}
	taken := map[int]bool{}
	for i, elem := range before {
		if j, ok := byIdentity[identityOf(elem)]; ok && !taken[j] {
			pairs[i], taken[j] = j, true
		}
	}
	if len(before) != len(after) {
		return pairs
	}
	for i := range before {
		_, known := pairs[i]
		if !known && !taken[i] && structured(before[i]) && before[i].kind == after[i].kind {
			pairs[i], taken[i] = i, true
		}
	}
	return pairs
}

func structured(value *jsonValue) bool { return value.kind == jsonObject || value.kind == jsonArray }

// identityKeys are the keys by which an object in a list is known, best first.
var identityKeys = []string{"id", "externalId", "key", "name", "field", "property", "type"}

func identityOf(value *jsonValue) string {
	if value.kind != jsonObject {
		return ""
	}
	for _, key := range identityKeys {
		if identity := value.field(key); identity != nil && !structured(identity) && identity.kind != jsonNull {
			return key + "\x00" + identity.text
		}
	}
	return ""
}

// align gives the index pairs of elements that two lists have in common: what
// both begin and end with, and a longest common subsequence of the rest.
func (d *differ) align(before, after []uint64) [][2]int {
	var pairs [][2]int
	start := 0
	for start < min(len(before), len(after)) && before[start] == after[start] {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	b, a := len(before), len(after)
	for b > start && a > start && before[b-1] == after[a-1] {
		b, a = b-1, a-1
	}
	for _, pair := range d.alignRest(before[start:b], after[start:a]) {
		pairs = append(pairs, [2]int{start + pair[0], start + pair[1]})
	}
	for ; b < len(before); b, a = b+1, a+1 {
		pairs = append(pairs, [2]int{b, a})
	}
	return pairs
}

func (d *differ) alignRest(before, after []uint64) [][2]int {
	if cells := len(before) * len(after); cells <= d.alignable {
		d.alignable -= cells
		return alignLongest(before, after)
	}
	return alignByPosition(before, after)
}

// alignLongest gives the index pairs of a longest common subsequence.
func alignLongest(before, after []uint64) [][2]int {
	width := len(after) + 1
	longest := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(before) && j < len(after); {
		switch {
		case before[i] == after[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

func alignByPosition(before, after []uint64) [][2]int {
	var pairs [][2]int
	for i := range min(len(before), len(after)) {
		if before[i] == after[i] {
			pairs = append(pairs, [2]int{i, i})
		}
	}
	return pairs
}
