package audit

import (
	"slices"
	"strconv"
	"strings"
)

// Difference is one element that differs between two values.
type Difference struct {
	// Path is a JSON Pointer (RFC 6901): into the new value for what was added or
	// changed, into the old one for what was removed. "" is the whole value.
	Path      string
	Operation ChangeOperation
	Before    JSON // nil when added
	After     JSON // nil when removed
}

// Differences lists what differs between the old and the new value, element by
// element: objects by key, lists by element. An element of a list that only
// changed inside shows the change inside; lists of plain values show what was
// gained and lost.
func (c *Change) Differences() []Difference {
	d := &differ{}
	d.compare("", parsedOrNil(c.Before), parsedOrNil(c.After))
	return d.list
}

// maxAligned bounds the work of aligning two lists: beyond this product of
// their lengths, elements are compared by position.
const maxAligned = 1 << 20

// differ collects differences.
type differ struct{ list []Difference }

func parsedOrNil(value JSON) *jsonValue {
	if value.IsNull() {
		return nil
	}
	parsed, err := parseJSON(value)
	if err != nil {
		return nil // cannot be: it was checked when it was recorded
	}
	return parsed
}

func (d *differ) compare(path string, before, after *jsonValue) {
	switch {
	case before == nil && after == nil:
	case before == nil:
		d.list = append(d.list, Difference{Path: path, Operation: OperationAdded, After: after.compact(nil)})
	case after == nil:
		d.list = append(d.list, Difference{Path: path, Operation: OperationRemoved, Before: before.compact(nil)})
	case before.kind == jsonObject && after.kind == jsonObject:
		d.objects(path, before, after)
	case before.kind == jsonArray && after.kind == jsonArray:
		d.lists(path, before.elems, after.elems)
	case !equalJSON(before, after):
		d.list = append(d.list, Difference{Path: path, Operation: OperationChanged, Before: before.compact(nil), After: after.compact(nil)})
	}
}

func (d *differ) objects(path string, before, after *jsonValue) {
	for i, key := range before.keys {
		d.compare(path+"/"+escapePointer(key), before.elems[i], after.field(key))
	}
	for i, key := range after.keys {
		if before.field(key) == nil {
			d.compare(path+"/"+escapePointer(key), nil, after.elems[i])
		}
	}
}

// lists keeps the elements that stand in both in the same order, and compares
// what lies between two kept ones.
func (d *differ) lists(path string, before, after []*jsonValue) {
	b, a := 0, 0
	for _, kept := range alignLists(before, after) {
		d.run(path, before, after, b, kept[0], a, kept[1])
		b, a = kept[0]+1, kept[1]+1
	}
	d.run(path, before, after, b, len(before), a, len(after))
}

// run compares before[b:bEnd] with after[a:aEnd], which have no element in
// common: structured elements with the same identity, or at the same place in
// runs of equal length, changed inside; everything else was removed or added.
func (d *differ) run(path string, before, after []*jsonValue, b, bEnd, a, aEnd int) {
	pairs := pairElements(before[b:bEnd], after[a:aEnd])
	paired := map[int]bool{}
	for i := b; i < bEnd; i++ {
		if j, ok := pairs[i-b]; ok {
			paired[a+j] = true
			d.compare(path+"/"+strconv.Itoa(a+j), before[i], after[a+j])
			continue
		}
		d.compare(path+"/"+strconv.Itoa(i), before[i], nil)
	}
	for j := a; j < aEnd; j++ {
		if !paired[j] {
			d.compare(path+"/"+strconv.Itoa(j), nil, after[j])
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

// alignLists gives the index pairs of a longest common subsequence.
func alignLists(before, after []*jsonValue) [][2]int {
	sumsBefore, sumsAfter := digestsOf(before), digestsOf(after)
	if len(before)*len(after) > maxAligned {
		return alignByPosition(sumsBefore, sumsAfter)
	}
	width := len(after) + 1
	longest := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if sumsBefore[i] == sumsAfter[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(before) && j < len(after); {
		switch {
		case sumsBefore[i] == sumsAfter[j]:
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

func alignByPosition(before, after []int64) [][2]int {
	var pairs [][2]int
	for i := range min(len(before), len(after)) {
		if before[i] == after[i] {
			pairs = append(pairs, [2]int{i, i})
		}
	}
	return pairs
}

func digestsOf(values []*jsonValue) []int64 {
	sums := make([]int64, len(values))
	for i, value := range values {
		sums[i] = value.digest()
	}
	return sums
}

func equalJSON(a, b *jsonValue) bool { return slices.Equal(a.canonical(nil), b.canonical(nil)) }

// escapePointer escapes a key for a JSON Pointer.
func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
