"""Run one command in a closed network and over a copy-on-write root, and print what it tried to send and wrote.

Started under ``unshare --net --mount`` with a JSON request on standard input; see :class:`Request`. A TUN device is
the only way out: every packet that would leave the machine, name lookups too, is read there and goes nowhere. An
overlay over the root folder catches every file written, except in the folders that the command may write to.
"""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_SIOCSIFFLAGS, _SIOCSIFADDR, _SIOCSIFNETMASK, _IFF_UP_RUNNING = 0x8914, 0x8916, 0x891C, 0x41
_NAMESERVER = "198.51.100.53"


@dataclass
class Request:
    """What to run."""

    command: list[str]
    environment: dict[str, str]
    writable: list[str]
    scratch: str


@dataclass
class Seen:
    """What came of it."""

    exit: int = 0
    output: str = ""
    packets: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def _open_tunnel() -> int:
    """Make the only way out of this network: an address, and a route to everywhere."""
    tunnel = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tunnel, _TUNSETIFF, struct.pack("16sH22x", b"out0", _IFF_TUN | _IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        _bring_up(control, b"lo")
        # Two addresses, each with half of all addresses for neighbours: whatever is dialled lies behind this device.
        for device, address in ((b"out0", "198.51.100.2"), (b"out0:1", "11.0.0.2")):
            _set_address(control, _SIOCSIFADDR, device, address)
            _set_address(control, _SIOCSIFNETMASK, device, "128.0.0.0")
        _bring_up(control, b"out0")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
        half = struct.pack("16sIi", ipaddress.ip_address("2001:db8::2").packed, 1, socket.if_nametoindex("out0"))
        fcntl.ioctl(control, _SIOCSIFADDR, half)
    return tunnel


def _bring_up(control: socket.socket, device: bytes) -> None:
    fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh", device, _IFF_UP_RUNNING))


def _set_address(control: socket.socket, which: int, device: bytes, address: str) -> None:
    value = struct.pack("16sH2s4s8x", device, socket.AF_INET, b"", socket.inet_aton(address))
    fcntl.ioctl(control, which, value)


def _describe(packet: bytes) -> str:
    """Say where a packet was to go; for a name lookup, which name."""
    if packet[0] >> 4 == 6:
        protocol, body, destination = packet[6], packet[40:], ipaddress.ip_address(packet[24:40])
        if destination.is_multicast or destination.is_link_local:
            return ""  # the kernel's own: neighbour discovery of a new device
    else:
        protocol, body, destination = packet[9], packet[(packet[0] & 15) * 4 :], ipaddress.ip_address(packet[16:20])
    port = int.from_bytes(body[2:4]) if protocol in (6, 17) else 0
    text = f"{ {6: 'tcp', 17: 'udp'}.get(protocol, f'protocol {protocol}') } {destination}:{port}"
    return f"name {_asked_name(body[20:])}" if (protocol, port) == (17, 53) else text


def _asked_name(question: bytes) -> str:
    labels = []
    while question and question[0]:
        labels.append(question[1 : 1 + question[0]].decode("latin-1"))
        question = question[1 + question[0] :]
    return ".".join(labels)


def _record(tunnel: int, seen: Seen) -> None:
    while True:
        told = _describe(os.read(tunnel, 65536))
        if told and told not in seen.packets:
            seen.packets.append(told)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _cover_root(request: Request) -> tuple[Path, Path]:
    """Lay the overlay over the root folder; return it, and the folder that catches what is written."""
    scratch = Path(request.scratch)
    _mount("-t", "tmpfs", "tmpfs", str(scratch))
    upper, work, root = (scratch / name for name in ("upper", "work", "root"))
    for folder in (upper, work, root):
        folder.mkdir()
    _mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={upper},workdir={work}", str(root))
    elsewhere = [path for path in (sys.prefix, sys.base_prefix, str(Path.cwd())) if _on_another_disk(path)]
    for path in ("/proc", "/dev", *elsewhere, *request.writable):
        _mount("--rbind", path, f"{root}{path}")
    (root / "etc" / "resolv.conf").unlink(missing_ok=True)
    (root / "etc" / "resolv.conf").write_text(f"nameserver {_NAMESERVER}\noptions timeout:1 attempts:1\n", "ascii")
    return root, upper


def _on_another_disk(path: str) -> bool:
    return Path(path).stat().st_dev != Path("/").stat().st_dev


def main() -> None:
    """Run what the request says."""
    request = Request(**json.load(sys.stdin))
    seen = Seen()
    threading.Thread(target=_record, args=(_open_tunnel(), seen), daemon=True).start()
    root, upper = _cover_root(request)

    def enter() -> None:
        here = Path.cwd()
        os.chroot(root)
        os.chdir(here)

    done = subprocess.run(
        request.command,
        env=request.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=enter,
    )
    seen.exit, seen.output = done.returncode, done.stdout + done.stderr
    seen.written = [f"/{path.relative_to(upper)}" for path in sorted(upper.rglob("*")) if not path.is_dir()]
    seen.written.remove("/etc/resolv.conf")  # written above
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
