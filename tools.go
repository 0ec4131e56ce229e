//go:build tools

// The code generators, pinned by go.mod: `go generate ./...` runs these
// versions and no others.
package main

import (
	_ "entgo.io/ent/cmd/ent"
	_ "github.com/99designs/gqlgen"
)
