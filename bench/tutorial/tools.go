//go:build tools

// What generating needs, so that go mod tidy finds it.

package main

import (
	_ "entgo.io/contrib/entgql"
	_ "entgo.io/ent/entc"
	_ "github.com/99designs/gqlgen"
)
