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

// Humble makes a process, by its id, give way to everything else. It is a
// courtesy: where it is refused, nothing else changes.
func Humble(pid int) {
	var priority int32                                                                                                     // struct sched_param
	_, _, _ = syscall.Syscall(syscall.SYS_SCHED_SETSCHEDULER, uintptr(pid), schedIdle, uintptr(unsafe.Pointer(&priority))) //nolint:gosec // the call takes a pointer
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, niceness)                                                           // of use where the kernel knows no such class
}

// Start starts a program as a process group of its own, which the kernel kills
// when we die, and calls wait with what Wait said when it has ended. behindAll
// makes it humble from its beginning. An error means that nothing runs. cmd was
// made with a context; its end kills the whole group.
func Start(cmd *exec.Cmd, behindAll bool, wait func(error)) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	started := make(chan error, 1)
	go func() {
		// The kernel watches the thread that starts the process: it has to live as long.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil && behindAll {
			Humble(cmd.Process.Pid)
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
// has reserved, no core, few files; and, behind, makes every thread humble.
func confine(memory int64, humble bool) error {
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
	if !humble {
		return nil
	}
	for range 2 { // a thread may have been born meanwhile
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil {
				Humble(id)
			}
		}
	}
	return nil
}
