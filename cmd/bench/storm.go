package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"tongban/hub"
	"tongban/video"
	media "tongban/video/load"
)

// storm lets 64 people join and leave 500 times each and refuses to end before
// no room, goroutine or open file is left of it.
func (b *bench) storm(ctx context.Context) error {
	const people, rounds = 64, 500
	routines, files := runtime.NumGoroutine(), openFiles()
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	node, err := video.NewNode(video.Config{UDP: udp, Loopback: true, Timeouts: video.Timeouts{Resume: 20 * time.Millisecond}})
	if err != nil {
		return err
	}
	door := &video.Door{Node: node, Checker: video.CheckerFunc(func(_ context.Context, token string) (video.Grant, error) {
		room, who, ok := strings.Cut(token, "/")
		if !ok {
			return video.Grant{}, hub.E(hub.Unauthenticated, "not a token of the storm")
		}
		return video.Grant{Room: video.RoomID(room), Participant: video.ParticipantID(who), Subscribe: true}, nil
	})}
	begin := time.Now()
	if err := media.Storm(ctx, door, people, rounds, 8); err != nil {
		return err
	}
	b.add("storm_joins_per_s", people*rounds/time.Since(begin).Seconds(), "joins/s", people*rounds)
	limit := time.After(10 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		s := node.Stats()
		if s.Rooms == 0 && s.Participants == 0 {
			if err := node.Close(); err != nil {
				return err
			}
			if runtime.NumGoroutine() <= routines && openFiles() <= files {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-limit:
			return fmt.Errorf("left behind: %+v, %d goroutines more, %d files more", s, runtime.NumGoroutine()-routines, openFiles()-files)
		}
	}
}

func openFiles() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}
