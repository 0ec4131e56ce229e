package store

// findFollowers says what is built behind recording in this database, of which
// everything that Follow and CatchUp do is done.
func (s *Store) findFollowers() []follower {
	return []follower{s.textFollower(), s.countFollower()}
}
