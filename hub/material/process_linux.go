package material

import (
	"os/exec"
	"runtime"
	"syscall"
)

// background is the niceness of preparation: others go first.
const background = 10

// lowPriority makes the calling goroutine, its thread and the processes it
// starts wait for everything else. There is no way back: the thread ends with
// the goroutine.
func lowPriority() {
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, background) // Linux: of this thread; it is a courtesy
}

// ownGroup gives a process a group of its own, all of which is killed when its
// context ends, and by the kernel when we die. That needs a thread that lives
// as long: lowPriority gives one.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
