// Package deploy carries the examples for operators, so that a hub that is
// given no configuration can start with them.
package deploy

import _ "embed"

// RoutingExample is routing.example.yaml: agencies, duties and rules of a few
// real places.
//
//go:embed routing.example.yaml
var RoutingExample []byte
