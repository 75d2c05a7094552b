package load

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const clockTick = 100 // USER_HZ, the same on every Linux architecture that Go runs on

// CPU is a process's user and system time in seconds; 0 if it cannot be read.
func CPU(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(f[11], 64)
	kernel, _ := strconv.ParseFloat(f[12], 64)
	return (user + kernel) / clockTick
}

// RSS is a process's resident memory in MiB; 0 if it cannot be read.
func RSS(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmRSS:" {
			kib, _ := strconv.ParseFloat(f[1], 64)
			return kib / 1024
		}
	}
	return 0
}

type counters struct {
	at            time.Time
	server, self  float64
	packets, plis uint64
}

func readCounters(pid int, pubs []*publisher) counters {
	c := counters{at: time.Now(), self: CPU(os.Getpid())}
	if pid > 0 {
		c.server = CPU(pid)
	}
	for _, p := range pubs {
		c.packets += p.packets.Load()
		c.plis += p.plis.Load()
	}
	return c
}
