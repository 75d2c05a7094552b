// Package demo takes real applications through a hub over HTTP, as its users would.
package demo
