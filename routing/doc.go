// Package routing decides which agency is responsible for a case, and says why.
//
// The decision is pure: item, unit or place, day, facts of the case and one
// compiled [Table] give an agency or a coded refusal, with every reason. The
// same question to the same table gives the same answer, for any day since
// 1981.
//
// Where the place is today comes from the division ledger (routing/ledger) and
// the zone tables; who is responsible there from local rules (first match),
// else from the duty of the narrowest place and the most exact item; then the
// agency's end and successor, then its delegation. docs/routing.md has the
// whole of it for those who write the configuration.
package routing
