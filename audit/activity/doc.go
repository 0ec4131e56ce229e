// Package activity computes an agent's day from the work-session events of the
// log: how long the agent was logged in and in which status, which conversations
// were assigned at what capacity, what took the agent over it, and when the agent
// dropped out.
//
// The rules, which hold for every answer:
//
//   - Order. Events count in the order of their ids: when they happened, then in
//     the order of recording. An event recorded late therefore changes the answer as
//     if it had been there in time.
//   - Status. A status lasts from the event that set it to the agent's next one.
//     Before the first event that the log has, the status is unknown and no
//     interval covers it.
//   - Range. Everything is clipped to the range. The state at its beginning comes
//     from the last event before it; what has not ended ends with the range, or
//     goes on where the range reaches the present.
//   - Seconds. An interval has as many seconds as whole seconds of the clock begin
//     within it, so that sums agree: totals, timeline, sessions and days all add up
//     to the same.
package activity
