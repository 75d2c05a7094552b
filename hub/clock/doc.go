// Package clock owns the working days of the offices and the legal clocks that
// count them: which days an office works, when a period ends, how much of it
// is used, and when to warn. It gives codes and instants, never words, and it
// keeps nothing: the same calendar, clock and instant give the same reading,
// whoever asks and from wherever.
//
// The rules are those of the Civil Code (民法典):
//
//   - art. 201: the day on which a period starts is not counted.
//   - art. 203 I: a last day on a day off moves to the next working day.
//   - art. 203 II: the last day ends when the office closes.
//
// docs/clock.md explains them to operators, with an example and the form of
// the calendar file.
package clock
