package main

import (
	"context"
	"io"
	"log/slog"
)

// follow builds, beside serving, what is built behind recording, until close.
func (d *daybook) follow(ctx context.Context, log *slog.Logger) {
	ctx, d.stopFollowing = context.WithCancel(context.WithoutCancel(ctx))
	d.following.Go(func() { d.store.Follow(ctx, log) })
}

// catchUp builds at once what is missing of it, and shows how far it is.
func (d *daybook) catchUp(ctx context.Context, output io.Writer) error {
	shown := newProgress(output, "Indexing", 0)
	err := d.store.CatchUp(ctx, func(done, of int64) {
		shown.total = of
		shown.add(int(done-shown.done), done-shown.done)
	})
	if shown.events > 0 {
		shown.end()
	}
	return err
}
