#!/usr/bin/env python3
"""A short adapter: it speaks the wire protocol of mmspec over standard input and output.

The implementation is a page table without TLBs, so an unmapped page is gone at once (the trait tlb=before-return).
With --bug, vm_unmap_ram leaves the last page of an area mapped.
"""

import re
import sys

PAGE = 4096
START, END = 0xFFFFC90000000000, 0xFFFFC90001000000
BUG = "--bug" in sys.argv

HELLO = f"""mmspec target 1
name page table in Python
trait tlb=before-return
cpus 2
frames 64
page {PAGE}
window kernel {START:#x} {END:#x}
calls vm_map_ram vm_unmap_ram read
limit inflight 16
ready"""


class Implementation:
    def __init__(self):
        self.table = {}  # address of a page -> frame
        self.next = START

    def vm_map_ram(self, frames):
        if not frames or self.next + (len(frames) + 1) * PAGE > END:
            return None
        area = self.next
        self.next += (len(frames) + 1) * PAGE  # addresses are never used again; one page between areas stays unmapped
        for i, frame in enumerate(frames):
            self.table[area + i * PAGE] = frame
        return area

    def vm_unmap_ram(self, area, pages):
        for i in range(pages - 1 if BUG else pages):
            del self.table[area + i * PAGE]

    def read(self, address):
        return self.table.get(address // PAGE * PAGE)


class Program:
    """Executes the steps of one program. Names outlive what they name."""

    def __init__(self):
        self.implementation = Implementation()
        self.names = {}

    def step(self, line):
        """The outcome of a step such as `@1 a0 = vm_map_ram f0..f3 f9`. Raises ValueError where it is malformed."""
        name, call, rest = match(r"@[01] (?:(\w+) = )?(\w+) ?(.*)", line)
        if call == "vm_map_ram":
            area = self.implementation.vm_map_ram(frames_of(rest))
            if area is None:
                return "null"
            self.names[name] = area
            return f"{area:#x}"
        if call == "vm_unmap_ram":
            area, pages = match(r"(\S+) (\d+)", rest)
            address = self.address(area)
            if address is None:
                return "skipped"
            self.implementation.vm_unmap_ram(address, int(pages))
            return "ok"
        if call == "read":
            address = self.address(rest)
            if address is None:
                return "skipped"
            frame = self.implementation.read(address)
            return "fault" if frame is None else f"f{frame}"
        return "unsupported"

    def address(self, text):
        """The address that `a0+0x1000` stands for; None where the name is not bound."""
        name, offset = match(r"(a\d+|null|hole)([+-]0x[0-9a-f]+)?", text)
        base = 0 if name in ("null", "hole") else self.names.get(name)
        return base if base is None or not offset else base + int(offset, 16)


def frames_of(text):
    """The frames of a list: `f0 f4..f7 f9x3`."""
    frames = []
    for word in text.split():
        first, last, times = match(r"f([0-9]|[1-5]\d|6[0-3])(?:\.\.f(\d+)|x(\d+))?", word)
        frames += [int(first)] * int(times) if times else range(int(first), int(last or first) + 1)
    return frames


def match(pattern, text):
    found = re.fullmatch(pattern, text)
    if not found:
        raise ValueError(f"expected {pattern}")
    return found.groups()


def main():
    program = None  # or the program that is being executed
    broken = False  # a line of it was malformed: the rest is skipped
    number = 0  # lines of the program so far
    for line in sys.stdin:
        line = line.strip()
        number += 1
        if line.startswith("hello"):
            program = None
            print(HELLO, flush=True)
        elif line.startswith("program"):
            program, broken, number = Program(), False, 0
            print("trace", line.split()[1])
        elif line.startswith("end") and program:
            if not broken:
                print(line, flush=True)
            program = None
        elif line == "reset":
            program = None
            print("ready", flush=True)
        elif line == "bye":
            return
        elif program and not broken:
            try:
                print("=>", program.step(line))
            except ValueError as error:
                broken = True
                print("error", number, error, flush=True)
        elif not program and line:
            print("error 0 expected hello, program, reset or bye", flush=True)


main()
