package mongospec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Requirement is what a test asks of the server; all of it has to hold.
type Requirement struct {
	MinVersion string   `bson:"minServerVersion"`
	MaxVersion string   `bson:"maxServerVersion"`
	Topologies []string `bson:"topologies"`
	Topology   []string `bson:"topology"` // the name in the older formats
	Serverless string   `bson:"serverless"`
	Auth       *bool    `bson:"auth"`
	Parameters any      `bson:"serverParameters"`
	CSFLE      *bool    `bson:"csfle"`
}

// ServerInfo is what requirements are compared with.
type ServerInfo struct {
	Version  string // "7.0.0"
	Topology string // "single", "replicaset" or "sharded"
}

// Unmet returns why the case does not apply to the server; empty when it does.
func (c *Case) Unmet(info ServerInfo) string {
	for _, anyOf := range c.Requires {
		if len(anyOf) == 0 {
			continue
		}
		var why []string
		for _, r := range anyOf {
			reason := r.unmet(info)
			if reason == "" {
				why = nil
				break
			}
			why = append(why, reason)
		}
		if len(why) > 0 {
			slices.Sort(why)
			return strings.Join(slices.Compact(why), " or ")
		}
	}
	return ""
}

func (r Requirement) unmet(info ServerInfo) string {
	topologies := slices.Concat(r.Topologies, r.Topology)
	switch {
	case r.MinVersion != "" && compareVersions(info.Version, r.MinVersion) < 0:
		return "needs a server of version " + r.MinVersion + " or later"
	case r.MaxVersion != "" && compareVersions(info.Version, r.MaxVersion) > 0:
		return "only for servers up to version " + r.MaxVersion
	case len(topologies) > 0 && !slices.Contains(topologies, info.Topology):
		return "needs topology " + strings.Join(topologies, "/")
	case r.Serverless == "require":
		return "needs a serverless instance"
	case r.Parameters != nil:
		return fmt.Sprintf("needs server parameters %v", r.Parameters)
	case r.CSFLE != nil && *r.CSFLE:
		return "needs client-side encryption"
	case r.Auth != nil && *r.Auth:
		return "needs authentication"
	}
	return ""
}

// compareVersions compares dotted versions number by number; missing parts are 0.
func compareVersions(a, b string) int {
	as, bs := versionParts(a), versionParts(b)
	for i := range max(len(as), len(bs)) {
		var x, y int
		if i < len(as) {
			x = as[i]
		}
		if i < len(bs) {
			y = bs[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}

func versionParts(v string) []int {
	v, _, _ = strings.Cut(v, "-") // "7.0.0-rc1"
	var parts []int
	for p := range strings.SplitSeq(v, ".") {
		n, err := strconv.Atoi(p)
		if err != nil {
			break
		}
		parts = append(parts, n)
	}
	return parts
}
