package store

import (
	"encoding/binary"
	"errors"
	"maps"
	"math/bits"
	"slices"
)

// gram is three consecutive bytes of a text. A text that contains another has
// all of its grams, whatever the script: UTF-8 never takes a part of one
// character for another.
type gram uint32

// gramLength is how many bytes a text needs to have a gram.
const gramLength = 3

// grams are those of a text, each once, in order.
func grams(text string) []gram {
	list := make([]gram, 0, len(text))
	for i := 0; i+gramLength <= len(text); i++ {
		list = append(list, gramAt(text, i))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func gramAt(text string, i int) gram {
	return gram(text[i])<<16 | gram(text[i+1])<<8 | gram(text[i+2])
}

// maxBlock is how many events of a journal are indexed together. Larger blocks
// make the index smaller and faster to look through, and leave more events at the
// journal's end to be looked at one by one.
const maxBlock = 4096

// textBuckets is into how many rows a block's grams are divided, of about two
// kilobytes each.
const textBuckets = 256

// bucket is the row that a gram is in.
func (g gram) bucket() int64 { return int64(uint32(g) * 0x9E3779B1 >> 24) }

// places are the events of a block, by their places in it, that have something.
type places [maxBlock / 64]uint64

func (p *places) add(place int) { p[place/64] |= 1 << (place % 64) }

func (p *places) and(other *places) {
	for i := range p {
		p[i] &= other[i]
	}
}

// list gives the places in order.
func (p *places) list() []int {
	var list []int
	for i, word := range p {
		for ; word != 0; word &= word - 1 {
			list = append(list, i*64+bits.TrailingZeros64(word))
		}
	}
	return list
}

func (p *places) count() (n int) {
	for _, word := range p {
		n += bits.OnesCount64(word)
	}
	return n
}

// gramIndex says which events of a block have which grams, while it is built.
type gramIndex struct {
	numbers map[gram]int // of each gram in the order in which they came
	places  [][]uint16   // by number; in order
}

func newGramIndex() *gramIndex { return &gramIndex{numbers: map[gram]int{}} }

// add takes in the text of the event at a place. Places come in order.
func (x *gramIndex) add(place int, text string) {
	for i := 0; i+gramLength <= len(text); i++ {
		g := gramAt(text, i)
		number, known := x.numbers[g]
		if !known {
			number = len(x.places)
			x.numbers[g], x.places = number, append(x.places, nil)
		}
		if has := x.places[number]; len(has) == 0 || has[len(has)-1] != uint16(place) {
			x.places[number] = append(has, uint16(place))
		}
	}
}

// gramBucket is some grams of a block and the places that have them: for each
// gram its three bytes, a number that is twice the length of what follows, plus
// one for a bitmap, and the places: a bitmap, or if that is shorter, the distance
// of each from the one before it. Numbers are varints.
type gramBucket []byte

// buckets are the block in the form in which it is stored.
func (x *gramIndex) buckets() (buckets [textBuckets]gramBucket) {
	for _, g := range slices.Sorted(maps.Keys(x.numbers)) {
		b := &buckets[g.bucket()]
		*b = append(*b, byte(g>>16), byte(g>>8), byte(g))
		payload, bitmap := encodePlaces(x.places[x.numbers[g]])
		*b = binary.AppendUvarint(*b, uint64(len(payload))<<1|bitmap)
		*b = append(*b, payload...)
	}
	return buckets
}

// bitmapBytes is the size of a block as a bitmap.
const bitmapBytes = maxBlock / 8

func encodePlaces(list []uint16) (payload []byte, bitmap uint64) {
	last := uint16(0)
	for _, place := range list {
		payload = binary.AppendUvarint(payload, uint64(place-last))
		last = place
	}
	if len(payload) <= bitmapBytes {
		return payload, 0
	}
	var set places
	for _, place := range list {
		set.add(int(place))
	}
	payload = payload[:0]
	for _, word := range set {
		payload = binary.BigEndian.AppendUint64(payload, word)
	}
	return payload, 1
}

var errBadBucket = errors.New("a bucket of grams that cannot be read")

// find gives the places that have a gram; none when the bucket lacks it.
func (b gramBucket) find(g gram) (found places, err error) {
	for len(b) > 0 {
		if len(b) < gramLength {
			return found, errBadBucket
		}
		this := gram(b[0])<<16 | gram(b[1])<<8 | gram(b[2])
		head, n := binary.Uvarint(b[gramLength:])
		length := head >> 1
		if n <= 0 || length > uint64(len(b)-gramLength-n) {
			return found, errBadBucket
		}
		payload := b[gramLength+n:][:length]
		if this == g {
			return decodePlaces(payload, head&1 == 1)
		}
		b = b[gramLength+n+int(length):]
	}
	return found, nil
}

func decodePlaces(payload []byte, bitmap bool) (set places, err error) {
	if bitmap {
		if len(payload) != bitmapBytes {
			return set, errBadBucket
		}
		for i := range set {
			set[i] = binary.BigEndian.Uint64(payload[8*i:])
		}
		return set, nil
	}
	place := uint64(0)
	for len(payload) > 0 {
		step, n := binary.Uvarint(payload)
		if place += step; n <= 0 || place >= maxBlock {
			return set, errBadBucket
		}
		set.add(int(place))
		payload = payload[n:]
	}
	return set, nil
}
