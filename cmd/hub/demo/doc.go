// Package demo takes real applications through a hub over HTTP, as its users
// would. A story is data (script): who applies for what, with which papers,
// what is found missing, how it ends. The steps that act it out stand in one
// table and are the same for all twelve items.
package demo
