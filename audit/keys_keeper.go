package audit

import (
	"context"
	"fmt"
	"time"
)

// What is done about keys in use is done beside the requests, by one goroutine, the
// keeper: with a statement for all keys it costs little, and no request waits.
const (
	// keyCheckPeriod is how often the keys in use are looked at again: often enough
	// that a request that needs one still finds it trusted.
	keyCheckPeriod = knownKeyAge / 2
	// keyUseChecks is after how many checks the uses of keys are written.
	keyUseChecks = 10
	// keyUsePatience bounds one writing of uses.
	keyUsePatience = 5 * time.Second
)

// use notes that a key is in use.
func (k *Keys) use(known *knownKey, now time.Time) {
	k.begin.Do(func() { k.keeper.Go(k.keep) })
	minute := now.UTC().Truncate(time.Minute)
	k.mu.Lock()
	defer k.mu.Unlock()
	known.inUse = true
	if known.noted.Before(minute) {
		known.noted = minute
		k.uses[known.key.ID] = minute
	}
}

// keep checks the keys in use and writes their uses until Close.
func (k *Keys) keep() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ticker := time.NewTicker(keyCheckPeriod)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-k.stop:
			return
		case <-ticker.C:
		}
		if err := k.check(ctx); err != nil {
			k.log.Warn("cannot check the keys in use", "error", err)
		}
		if n%keyUseChecks > 0 {
			continue
		}
		if err := k.writeUses(ctx); err != nil {
			k.log.Warn("cannot note that keys were used", "error", err)
		}
	}
}

// check asks the store which keys in use may be used on. Others are looked up again
// by the next request, which is then told why it is refused. When the store fails,
// all are, as soon as they are not trusted any more.
func (k *Keys) check(ctx context.Context) error {
	begun := k.now()
	inUse := k.takeInUse()
	if len(inUse) == 0 {
		return nil
	}
	ids := make([]APIKeyID, 0, len(inUse))
	for id := range inUse {
		ids = append(ids, id)
	}
	valid, err := k.store.UnrevokedKeys(ctx, ids)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range valid {
		inUse[id].at = begun
	}
	return nil
}

// takeInUse gives the keys that were used since the last time.
func (k *Keys) takeInUse() map[APIKeyID]*knownKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	inUse := map[APIKeyID]*knownKey{}
	for _, known := range k.known {
		if known.inUse {
			known.inUse = false
			inUse[known.key.ID] = known
		}
	}
	return inUse
}

// writeUses writes the uses that were noted. What cannot be written is kept for the
// next time.
func (k *Keys) writeUses(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keyUsePatience)
	defer cancel()
	byMinute := map[time.Time][]APIKeyID{}
	k.mu.Lock()
	for id, minute := range k.uses {
		byMinute[minute] = append(byMinute[minute], id)
	}
	clear(k.uses)
	k.mu.Unlock()
	var failed error
	for minute, ids := range byMinute {
		if err := k.store.TouchKeys(ctx, minute, ids); err != nil {
			k.putBack(minute, ids)
			failed = err
		}
	}
	return failed
}

func (k *Keys) putBack(minute time.Time, ids []APIKeyID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		if k.uses[id].Before(minute) {
			k.uses[id] = minute
		}
	}
}

// Close writes the uses of keys that are not written yet. Nothing may be
// authenticated any more when it is called.
func (k *Keys) Close(ctx context.Context) error {
	close(k.stop)
	k.keeper.Wait()
	if err := k.writeUses(ctx); err != nil {
		return fmt.Errorf("note that keys were used: %w", err)
	}
	return nil
}
