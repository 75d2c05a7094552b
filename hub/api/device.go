package api

import "strings"

// deviceOf says in two words what a session was opened with, so that a person
// tells his sessions apart. The header itself is not kept.
func deviceOf(agent string) string {
	first := func(names ...string) string {
		for i := 0; i < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				return names[i+1]
			}
		}
		return ""
	}
	// In this order: most browsers also name others, to be served like them.
	browser := first("MicroMessenger/", "WeChat", "Edg/", "Edge", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("HarmonyOS", "HarmonyOS", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser+system != "":
		return browser + system
	case agent == "":
		return ""
	}
	return "program"
}
