// Package history tells one object's story: what its properties were at an
// instant, and what differs between two.
//
// It is made of pure functions over what the object's events say, in their
// order ([audit.ObjectEvent]), and of a [Reader] that fetches those from the
// log. The rules are few:
//
//   - A property is what the last event up to the instant set it to. Only the
//     object's own events set properties; an event about another object, of which
//     this one is merely the subject, does not.
//   - What no event up to the instant says is taken from the next event that
//     changed the property: what it names as the value before was there already.
//     When it was set is unknown then.
//   - What an event names as the value before never replaces what an earlier event
//     set. Where the two contradict each other, the log lacks a change; the
//     property says so ([Property.Gap]).
//   - A deletion ends an object and leaves its properties as they are, but for
//     what it says itself. So does a merge into another. A creation after that
//     begins anew, with nothing.
//   - Redacted values stay redacted. Two of them count as different if different
//     events set them, since the log says that there was a change.
package history
