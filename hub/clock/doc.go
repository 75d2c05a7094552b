// Package clock counts working days and reads the clocks of a case by law: the
// start day is not counted, the last day that is a day off moves on, and a day
// ends when office hours end (民法典 art. 200 to 203). It knows no cases, only
// times; its calendar is data that is loaded.
package clock
