"""checks.py BIN WORK: starts the real programs and prints 'ok NAME' or 'FAIL NAME' for each check."""

import os
import signal
import socket
import subprocess
import sys
import time
import traceback

import foreign_gateway
import foreign_hq


class Bench:
    """A broker and programs of Gatehouse on the loopback, in a folder of their own."""

    def __init__(self, programs: str, work: str):
        self.programs = programs
        self.work = work
        self.running: dict[str, subprocess.Popen] = {}
        os.makedirs(work)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        configuration = f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
        self.broker = subprocess.Popen(
            ["mosquitto", "-c", self.write("mosquitto.conf", configuration)], stderr=subprocess.DEVNULL)
        self.until(self.listens)

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def path(self, name: str) -> str:
        return os.path.join(self.work, name)

    def folder(self, name: str) -> str:
        os.makedirs(self.path(name), exist_ok=True)
        return self.path(name)

    def write(self, name: str, text: str) -> str:
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, program: str, *arguments: str) -> str:
        with open(self.path(program + ".out"), "ab") as output, open(self.path(program + ".err"), "ab") as error:
            self.running[program] = subprocess.Popen(
                [os.path.join(self.programs, program), *arguments], stdout=output, stderr=error)
        return program

    def output(self, program: str) -> str:
        with open(self.path(program + ".out"), encoding="utf-8") as file:
            return file.read()

    def call(self, program: str, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [os.path.join(self.programs, program), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=120, check=False)
        return done.returncode, done.stdout.decode()

    def kill(self, program: str):
        process = self.running.pop(program)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def until(self, condition, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (OSError, ValueError, KeyError, IndexError):
                pass
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)

    def close(self):
        for process in [*self.running.values(), self.broker]:
            process.terminate()
        for process in [*self.running.values(), self.broker]:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> int:
    failed = []

    def check(name: str, ok: bool):
        print(("ok " if ok else "FAIL ") + name, flush=True)
        if not ok:
            failed.append(name)

    for title, part in (("HQ", foreign_hq), ("gateway", foreign_gateway)):
        bench = Bench(sys.argv[1], os.path.join(sys.argv[2], title))
        try:
            part.check(check, bench)
        except Exception:
            traceback.print_exc()
            check(f"the foreign {title} comes to its end", False)
        finally:
            bench.close()
    return 1 if failed else 0


sys.exit(main())
