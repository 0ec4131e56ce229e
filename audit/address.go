package audit

import (
	"net/netip"
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
