package load

import (
	"cmp"
	"context"
)

// Callers connect to a host and send the requests in turn. closeAll ends the
// connections.
func Callers(ctx context.Context, host string, requests []Request, count int) (calls []Call, closeAll func(), err error) {
	var connections []*Connection
	closeAll = func() {
		for _, c := range connections {
			_ = c.Close() // nothing is under way
		}
	}
	for i := range count {
		c, err := Connect(ctx, host)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		connections = append(connections, c)
		calls = append(calls, c.Caller(requests, i, count))
	}
	return calls, closeAll, nil
}

// SendOnce sends every request once, so that names are known and plans are made
// before anything is measured.
func SendOnce(ctx context.Context, host string, requests []Request) error {
	const connections = 16
	calls, closeAll, err := Callers(ctx, host, requests, connections)
	if err != nil {
		return err
	}
	defer closeAll()
	failed := make(chan error, connections)
	for i, call := range calls {
		go func() {
			var err error
			for n := i; n < len(requests) && err == nil; n += connections {
				_, err = call(ctx)
			}
			failed <- err
		}()
	}
	for range calls {
		err = cmp.Or(err, <-failed)
	}
	return err
}
