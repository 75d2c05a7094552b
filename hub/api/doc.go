// Package api owns the way in over HTTP: routes, views, problem documents,
// sessions, live updates and the OpenAPI description that is made from them.
//
// Fiber and huma stay inside this package, and no *fiber.Ctx outlives its
// handler. What the case service refuses becomes an RFC 9457 problem through
// one table; what it holds for the log never leaves the process.
package api
