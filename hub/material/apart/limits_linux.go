package apart

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

// The lowest of all priorities: sched(7) runs such a process only where nothing
// else wants the processor, and takes it away at once when something does.
const (
	schedIdle = 5
	niceness  = 19
)

// largestFile is what a child may write into one file, in bytes: the working
// copy of the largest picture that is decoded fits.
const largestFile = 1 << 30

// openFiles is how many a child may have open.
const openFiles = 64

// selfPath is the program that runs, also after its file was replaced.
func selfPath() (string, error) { return "/proc/self/exe", nil }

// humble makes a thread, by its id, give way to everything else, on one
// processor: the one that place counts down to from the last that we may use.
// Left to roam it would be moved each time another processor has nothing to do
// for a moment, and what comes there next finds it in the way; that costs the
// hub more than the work does. All this is a courtesy: where it is refused,
// nothing else changes.
func humble(thread, place int) {
	var priority int32                                                                                                        // struct sched_param
	_, _, _ = syscall.Syscall(syscall.SYS_SCHED_SETSCHEDULER, uintptr(thread), schedIdle, uintptr(unsafe.Pointer(&priority))) //nolint:gosec // the call takes a pointer
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, thread, niceness)                                                           // of use where the kernel knows no such class
	if one, ok := processor(place); ok {
		_, _, _ = syscall.Syscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(thread), unsafe.Sizeof(one), uintptr(unsafe.Pointer(&one))) //nolint:gosec // as above
	}
}

// processors is a set, one bit for each.
type processors [128]byte

// processor is the set of the one that place stands for.
func processor(place int) (one processors, ok bool) {
	var all processors
	n, _, errno := syscall.Syscall(syscall.SYS_SCHED_GETAFFINITY, uintptr(os.Getpid()), unsafe.Sizeof(all), uintptr(unsafe.Pointer(&all))) //nolint:gosec // the call takes a pointer
	if errno != 0 {
		return one, false
	}
	var ours []int
	for i := range int(n) * 8 {
		if all[i/8]&(1<<(i%8)) != 0 {
			ours = append(ours, i)
		}
	}
	if len(ours) < 2 {
		return one, false
	}
	i := ours[len(ours)-1-place%len(ours)]
	one[i/8] = 1 << (i % 8)
	return one, true
}

// Start starts a program as a process group of its own, which the kernel kills
// when we die, and calls wait with what Wait said when it has ended. With a
// place, from 0, it gives way to everything else; [Beside] has none. An error means that nothing runs. cmd was
// made with a context; its end kills the whole group.
func Start(cmd *exec.Cmd, place int, wait func(error)) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	started := make(chan error, 1)
	go func() {
		// The kernel watches the thread that starts the process: it has to live as long.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil && place > Beside {
			humble(cmd.Process.Pid, place)
		}
		started <- err
		if err == nil {
			wait(cmd.Wait())
		}
	}()
	return <-started
}

func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// confine bounds this process: so much address space beyond what the runtime
// has reserved, no core, few files; and, with a place, makes every thread humble.
func confine(memory int64, place int) error {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	pages, err := strconv.ParseInt(string(bytes.Fields(b)[0]), 10, 64)
	if err != nil {
		return err
	}
	for what, most := range map[int]uint64{
		syscall.RLIMIT_AS:     uint64(pages*int64(os.Getpagesize()) + memory),
		syscall.RLIMIT_CORE:   0,
		syscall.RLIMIT_FSIZE:  largestFile,
		syscall.RLIMIT_NOFILE: openFiles,
	} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("limit %d: %w", what, err)
		}
	}
	if place <= Beside {
		return nil
	}
	for range 2 { // a thread may have been born meanwhile
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil {
				humble(id, place)
			}
		}
	}
	return nil
}
