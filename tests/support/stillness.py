"""Let a process of ours stand still."""

import os
import signal


def stand_still(pid: int) -> None:
    """Stop a child, and return when all of it has stopped: what is asked then it never hears."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
