package audit

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddressRangesAreInOrderAndApart(t *testing.T) {
	for written, want := range map[string]string{
		"":                                       "",
		"10.0.0.2 10.0.0.1":                      "10.0.0.1-10.0.0.2",
		"10.0.0.3 10.0.0.1 10.0.0.1":             "10.0.0.1-10.0.0.1 10.0.0.3-10.0.0.3",
		"10.0.0.0/8 10.1.2.3 10.2.0.0/16":        "10.0.0.0-10.255.255.255",
		"10.128.0.0/9 10.0.0.0/9":                "10.0.0.0-10.255.255.255",
		"10.0.0.7/24 9.255.255.255":              "9.255.255.255-10.0.0.255",
		"::ffff:10.0.0.1 10.0.0.1":               "10.0.0.1-10.0.0.1",
		"ffff::/16 ffff::1 ::1":                  "::1-::1 ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::/0 10.0.0.1 ffff:ffff:ffff:ffff::/64": "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	} {
		ranges, err := AddressRanges(strings.Fields(written))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, keys := range ranges {
			got = append(got, netip.AddrFrom16(keys.First).Unmap().String()+"-"+netip.AddrFrom16(keys.Last).Unmap().String())
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q covers %q, want %q", written, text, want)
		}
	}
	if _, err := AddressRanges([]string{"10.0.0.1", "office"}); ErrorCode(err) != CodeBadInput {
		t.Errorf("got %v", err)
	}
}
