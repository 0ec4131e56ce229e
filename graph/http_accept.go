package graph

import (
	"mime"
	"strconv"
	"strings"
)

// mediaType is one that answers can have.
type mediaType string

const (
	mediaNone    mediaType = "" // no type that the client accepts
	mediaJSON    mediaType = "application/json"
	mediaGraphQL mediaType = "application/graphql-response+json"
)

// preference is how much a client wants a media type: by the quality it gives
// it, and by how exactly it names it (RFC 9110, section 12.5.1).
type preference struct {
	quality   float64
	precision int // 3 type and subtype, 2 type, 1 anything
}

// negotiate chooses the media type of the answer from the Accept headers. Without
// any, and where only a wildcard fits, that is application/json, which every
// client reads; of two that are named alike it is the newer one.
func negotiate(accept []string) mediaType {
	header := strings.TrimSpace(strings.Join(accept, ","))
	switch header { // what nearly everybody sends
	case "", string(mediaJSON), "*/*":
		return mediaJSON
	case string(mediaGraphQL):
		return mediaGraphQL
	}
	plain, graphQL := preference{}, preference{}
	for _, mediaRange := range strings.Split(header, ",") {
		name, quality, ok := parseRange(mediaRange)
		if !ok {
			continue
		}
		plain.consider(mediaJSON, name, quality)
		graphQL.consider(mediaGraphQL, name, quality)
	}
	switch {
	case plain.quality == 0 && graphQL.quality == 0:
		return mediaNone
	case graphQL.quality > plain.quality:
		return mediaGraphQL
	case graphQL.quality == plain.quality && graphQL.precision == 3:
		return mediaGraphQL
	}
	return mediaJSON
}

// consider takes a media range into account: the most exact one that fits counts.
func (p *preference) consider(media mediaType, mediaRange string, quality float64) {
	precision := 0
	switch mediaRange {
	case string(media):
		precision = 3
	case "application/*":
		precision = 2
	case "*/*":
		precision = 1
	}
	if precision > p.precision || precision == p.precision && precision > 0 && quality > p.quality {
		*p = preference{quality: quality, precision: precision}
	}
}

// parseRange reads one media range with its quality. One that asks for another
// encoding than UTF-8 cannot be satisfied and is not ok.
func parseRange(mediaRange string) (name string, quality float64, ok bool) {
	name, parameters, err := mime.ParseMediaType(mediaRange)
	if err != nil || !isUTF8(parameters) {
		return "", 0, false
	}
	q, given := parameters["q"]
	if !given {
		return name, 1, true
	}
	quality, err = strconv.ParseFloat(q, 64)
	return name, quality, err == nil && quality >= 0 && quality <= 1
}

// isUTF8 says whether a media type's charset, if it names one, is UTF-8.
func isUTF8(parameters map[string]string) bool {
	charset, given := parameters["charset"]
	return !given || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
