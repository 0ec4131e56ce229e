package audit

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
)

// parseAddress reads what an event may carry as its address: anything
// netip.ParseAddr takes, or that with a port, which is cut off. text is the
// address as written, without the port.
func parseAddress(s string) (text string, address netip.Addr, ok bool) {
	if address, err := netip.ParseAddr(s); err == nil {
		return s, address, true
	}
	withPort, err := netip.ParseAddrPort(s)
	if err != nil {
		return "", netip.Addr{}, false
	}
	text = s[:strings.LastIndexByte(s, ':')]
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	return text, withPort.Addr(), true
}

// addressKey is the address as 16 bytes, IPv4 mapped into IPv6 and zones left
// out, so that every block of addresses is one range of keys.
func addressKey(address netip.Addr) [16]byte { return address.WithZone("").As16() }

// AddressRange gives the first and last 16-byte address keys of an address or
// CIDR block of a filter. It fails with CodeBadInput for anything else.
func AddressRange(s string) (low, high [16]byte, err error) {
	if address, err := netip.ParseAddr(s); err == nil {
		key := addressKey(address)
		return key, key, nil
	}
	block, err := netip.ParsePrefix(s)
	if err != nil {
		return low, high, Errorf(CodeBadInput, "%.60q is neither an IP address nor a CIDR block", s)
	}
	low = addressKey(block.Masked().Addr())
	bits := block.Bits()
	if block.Addr().Is4() {
		bits += 96
	}
	high = low
	for i := bits; i < 128; i++ {
		high[i/8] |= 0x80 >> (i % 8)
	}
	return low, high, nil
}

// AddressKeys is a range of 16-byte address keys, both ends included.
type AddressKeys struct{ First, Last [16]byte }

// AddressRanges gives the ranges of keys that addresses and CIDR blocks of a
// filter cover together: in order, as few as will do, with gaps between them.
// It fails as AddressRange does.
func AddressRanges(addresses []string) ([]AddressKeys, error) {
	ranges := make([]AddressKeys, len(addresses))
	for i, address := range addresses {
		var err error
		if ranges[i].First, ranges[i].Last, err = AddressRange(address); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(ranges, func(a, b AddressKeys) int { return bytes.Compare(a.First[:], b.First[:]) })
	merged := ranges[:0]
	for _, next := range ranges {
		if n := len(merged); n == 0 || !merged[n-1].extend(next) {
			merged = append(merged, next)
		}
	}
	return merged, nil
}

// extend makes the range reach to the end of one that begins within it or right
// behind it.
func (r *AddressKeys) extend(next AddressKeys) bool {
	behind := netip.AddrFrom16(r.Last).Next() // not valid behind the last address
	if behind.IsValid() && netip.AddrFrom16(next.First).Compare(behind) > 0 {
		return false
	}
	if bytes.Compare(next.Last[:], r.Last[:]) > 0 {
		r.Last = next.Last
	}
	return true
}
