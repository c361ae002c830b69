"""The supervisor ends when it is asked to, however often and at whatever moment."""

import os
import signal
import subprocess
import sys
import time

PROGRAM = """
import sys
from linyin.platform.work import supervisor
supervisor._TICK_SECONDS = 0.0
supervisor.Supervisor([], []).run(lambda: print("begun", flush=True))
print("ended", flush=True)
"""


def test_many_signals_at_once_end_it():
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "begun\n"
        for _ in range(20):
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)
                time.sleep(0.0005)
        try:
            told, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        assert told == "ended\n" or process.returncode == -signal.SIGTERM
