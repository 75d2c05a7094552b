// Package policies decides who may do what.
//
// A decision has two halves. Which role may do which action is data: the rows
// of rows.csv, judged by casbin under model.conf, and described for people who
// do not program by matrix.csv. Whether it is this person's case is code: the
// predicates of agency, party and separation of duty, which give their reason
// and, for lists, compile to a [hub.Scope].
//
// Everything fails closed. Casbin is asked about every role and every action
// once, when the rows are loaded, and its answers become an immutable table;
// an enforcer that permits a stranger anything is refused. Rules therefore
// never change under a running request, and a decision costs no rule scan.
package policies
