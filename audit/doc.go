// Package audit is the domain of Daybook: what an audit event is, how events
// are recorded and how they are read back.
//
// Two paths lead through it. Recording goes through a [Recorder], which
// validates, normalises and groups what callers send and answers each of them
// after its commit. Reading goes through a [Reader], which checks filters,
// cursors and page sizes and asks an [EventFinder].
//
// The package imports neither transport nor storage. Engines implement its
// small interfaces ([Appender], [EventFinder], [Catalogue], [KeyStore]) and
// prove it with the conformance suite in audit/storetest.
package audit
