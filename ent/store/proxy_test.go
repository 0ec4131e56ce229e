package store

import (
	"testing"

	"daybook/internal/postgrestest"
	"daybook/internal/proxytest"
)

// proxiedStore is a store that reaches its database through a proxy.
func proxiedStore(t *testing.T) (*Store, *proxytest.Proxy) {
	t.Helper()
	proxy := proxytest.Start(t, postgrestest.NewDatabase(t))
	return openStore(t, proxy.URL()), proxy
}

func loseAnswers(int64) proxytest.Cut { return proxytest.Answer }
