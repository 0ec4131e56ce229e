module tutorial

go 1.26

require (
	entgo.io/contrib v0.7.0
	entgo.io/ent v0.14.5
	github.com/99designs/gqlgen v0.17.98
	github.com/lib/pq v1.12.3
	github.com/vektah/gqlparser/v2 v2.5.64
)
