package postgrestest

import (
	"os"
	"sync"
	"testing"
)

// shared is the cluster of this test process. Test functions have no common
// owner but the process itself.
var shared struct {
	sync.Mutex
	main    bool // Main runs, and will remove the cluster
	cluster *Cluster
}

// Main runs a package's tests and then removes the cluster they shared. A
// package that uses [NewDatabase] calls it from TestMain.
func Main(m *testing.M) {
	shared.main = true
	code := m.Run()
	if shared.cluster != nil {
		shared.cluster.remove()
	}
	os.Exit(code)
}

// NewDatabase makes an empty database in the cluster that all tests of the
// package share, and gives its URL. The cluster starts when first needed.
func NewDatabase(tb testing.TB) string {
	tb.Helper()
	return sharedCluster(tb).NewDatabase(tb)
}

func sharedCluster(tb testing.TB) *Cluster {
	tb.Helper()
	programs := requirePrograms(tb)
	shared.Lock()
	defer shared.Unlock()
	if !shared.main {
		tb.Fatal("postgrestest: TestMain must call postgrestest.Main")
	}
	if shared.cluster == nil {
		cluster, err := start(programs, Options{})
		if err != nil {
			tb.Fatalf("start Postgres: %v", err)
		}
		shared.cluster = cluster
	}
	return shared.cluster
}
