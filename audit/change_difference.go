package audit

import (
	"encoding/binary"
	"hash/maphash"
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

// Bounds of the differences of one change. A list or an object that would have
// more of them is one difference itself.
const (
	maxDifferences     = 200
	maxDifferencePaths = 64 << 10 // bytes of all paths together
)

// Differences lists what differs between the old and the new value, element by
// element: objects by key, lists by element. An element of a list that only
// changed inside shows the change inside; lists of plain values show what was
// gained and lost. There are 200 at most: where there would be more, the
// innermost list or object with too many is one that changed as a whole.
func (c *Change) Differences() []Difference {
	d := &differ{seed: maphash.MakeSeed(), hashes: map[*jsonValue]uint64{}, alignable: maxAligned}
	d.compare(places{}, parsedOrNil(c.Before), parsedOrNil(c.After))
	list := make([]Difference, len(d.found))
	for i, found := range d.found {
		list[i] = found.difference()
	}
	return list
}

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

// differ collects differences. Its work is linear in the two values, but for the
// alignment of lists, which has a budget.
type differ struct {
	found     []divergence
	pathBytes int
	seed      maphash.Seed
	hashes    map[*jsonValue]uint64 // of lists and objects
	alignable int                   // how much of maxAligned is left
}

// divergence is a difference that is not yet written out: it may turn out to be
// one of too many.
type divergence struct {
	at            *place     // in the old value if the element was removed, else in the new
	before, after *jsonValue // nil where there is none
}

func (d divergence) difference() Difference {
	switch {
	case d.before == nil:
		return Difference{Path: d.at.pointer(), Operation: OperationAdded, After: d.after.compact(nil)}
	case d.after == nil:
		return Difference{Path: d.at.pointer(), Operation: OperationRemoved, Before: d.before.compact(nil)}
	default:
		return Difference{Path: d.at.pointer(), Operation: OperationChanged, Before: d.before.compact(nil), After: d.after.compact(nil)}
	}
}

// places are where an element is in the old value and in the new: elements of
// lists move.
type places struct{ was, is *place }

func (p places) key(key string) places {
	step := pointerEscapes.Replace(key)
	return places{p.was.below(step), p.is.below(step)}
}

func (p places) index(was, is int) places {
	return places{p.was.below(strconv.Itoa(was)), p.is.below(strconv.Itoa(is))}
}

// place is where an element is: below another, nil being the whole value.
type place struct {
	above *place
	step  string // escaped as in a JSON Pointer
	bytes int    // of the pointer
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (p *place) below(step string) *place {
	return &place{above: p, step: step, bytes: p.size() + 1 + len(step)}
}

func (p *place) size() int {
	if p == nil {
		return 0
	}
	return p.bytes
}

func (p *place) pointer() string {
	text := make([]byte, p.size())
	for end := len(text); p != nil; p = p.above {
		end -= copy(text[end-len(p.step):end], p.step) + 1
		text[end] = '/'
	}
	return string(text)
}

func (d *differ) add(at places, before, after *jsonValue) {
	found := divergence{at.is, before, after}
	if after == nil {
		found.at = at.was
	}
	d.found = append(d.found, found)
	d.pathBytes += found.at.size()
}

// full says whether there are too many differences, so that looking for more is
// of no use.
func (d *differ) full() bool {
	return len(d.found) > maxDifferences || d.pathBytes > maxDifferencePaths
}

func (d *differ) compare(at places, before, after *jsonValue) {
	switch {
	case before == nil && after == nil:
	case before == nil || after == nil:
		d.add(at, before, after)
	case d.hash(before) == d.hash(after):
	case before.kind == jsonObject && after.kind == jsonObject:
		d.inside(at, before, after, d.objects)
	case before.kind == jsonArray && after.kind == jsonArray:
		d.inside(at, before, after, d.lists)
	default:
		d.add(at, before, after)
	}
}

// inside looks for the differences within two values, and takes the values as
// one difference if those are too many.
func (d *differ) inside(at places, before, after *jsonValue, look func(at places, before, after *jsonValue)) {
	found, pathBytes := len(d.found), d.pathBytes
	look(at, before, after)
	if d.full() {
		d.found, d.pathBytes = d.found[:found], pathBytes
		d.add(at, before, after)
	}
}

func (d *differ) objects(at places, before, after *jsonValue) {
	was, is := before.fields(), after.fields()
	for i, key := range before.keys {
		if d.full() {
			return
		}
		d.compare(at.key(key), before.elems[i], is[key])
	}
	for i, key := range after.keys {
		if d.full() {
			return
		}
		if was[key] == nil {
			d.compare(at.key(key), nil, after.elems[i])
		}
	}
}

// fields are an object's values by key.
func (v *jsonValue) fields() map[string]*jsonValue {
	fields := make(map[string]*jsonValue, len(v.keys))
	for i, key := range v.keys {
		fields[key] = v.elems[i]
	}
	return fields
}

// hash is the same for equal values. Each list and object is hashed once, from
// the hashes of its elements.
func (d *differ) hash(value *jsonValue) uint64 {
	if !structured(value) {
		return maphash.Bytes(d.seed, value.canonical(nil))
	}
	if known, hashed := d.hashes[value]; hashed {
		return known
	}
	var hash maphash.Hash
	hash.SetSeed(d.seed)
	var sum [8]byte
	if value.kind == jsonArray {
		for _, elem := range value.elems {
			binary.BigEndian.PutUint64(sum[:], d.hash(elem))
			hash.Write(sum[:])
		}
	} else {
		binary.BigEndian.PutUint64(sum[:], d.hashOfFields(value))
		hash.Write(sum[:])
	}
	hash.WriteByte(byte(value.kind))
	d.hashes[value] = hash.Sum64()
	return d.hashes[value]
}

// hashOfFields does not depend on the order of keys.
func (d *differ) hashOfFields(object *jsonValue) (total uint64) {
	for i, key := range object.keys {
		total += maphash.Comparable(d.seed, hashedField{key, d.hash(object.elems[i])})
	}
	return total
}

type hashedField struct {
	key   string
	value uint64
}
