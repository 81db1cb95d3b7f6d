"""A reader that misbehaves as the evidence asks: reached by a program that only tests start, see ``faulty`` in test_isolation.py."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time

import polars as pl

from triage import serve, talk, worker


def ignore(_):
    ctypes.CDLL(None).signal(signal.SIGTERM, ctypes.c_void_p(1))  # SIG_IGN: Python's own way is for the first thread
    while True:
        pass


def drip(channel):
    while True:
        time.sleep(0.1)
        channel.send(talk.Progress(0, 1, 0))


def flood(channel):
    while True:
        channel.send(talk.Progress(0, time.monotonic_ns(), 0))


def fork(_):
    while True:
        os.fork()


def sent(data):
    def send(channel):
        channel._socket.sendall(data)
        time.sleep(1000)

    return send


def fail(_):
    raise ValueError("qzxcanari")


FAULTS = {
    b"hang": lambda _: time.sleep(1000),
    b"ignore": ignore,
    b"drip": drip,
    b"segv": lambda _: ctypes.string_at(0),
    b"oom": lambda _: b"x" * (1 << 40),
    b"large-frame": lambda _: pl.select(pl.int_range(0, 1 << 34)),
    b"kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    b"quit": lambda _: os._exit(0),
    b"flood": flood,
    b"large": sent(b"\x00\xff\xff\xff\xff"),
    b"forged": sent(b"\x00\x02\x00\x00\x00[]"),
    b"raise": fail,
    b"fork": fork,
}


def main() -> None:
    real_scan, real_loop = worker._scan_leaf, serve._scan
    channels = []

    def loop(channel, job, tools):
        channels.append(channel)
        real_loop(channel, job, tools)

    def scan(leaf, shape, judged, outcome):
        # How far the stack of the first thread reaches, a restricted process cannot see; polars then takes a new one at every step.
        assert threading.current_thread() is not threading.main_thread()
        head = leaf.head(judged.tools.limits.head_bytes, judged.tools.limits)
        if head.startswith(b"fault:"):
            FAULTS[head.split(b":")[1].split(b"\n")[0]](channels[-1])
        real_scan(leaf, shape, judged, outcome)

    real_look = worker.looked_at

    def look(entry, options):
        if entry.head(options.limits.head_bytes, options.limits).startswith(b"fault:early"):
            time.sleep(1000)
        return real_look(entry, options)

    worker._scan_leaf, serve._scan, worker.looked_at = scan, loop, look
