"""The browser's only way out, run where it is confined: python forwarder.py PORT SOCKET PROGRAM WORDS…

In a network of its own, where nobody else is, it listens on the port at which the guard is to be found, hands what
listens to the guard through a socket of the file system, and becomes the program. The guard answers from outside.
"""

import os
import socket
import sys


def main(port: str, guard: str, *program: str) -> None:
    """Hand a listening socket to the guard, if there is one, and become the program."""
    if guard:
        listener = socket.create_server(("127.0.0.1", int(port)), backlog=128)
        with listener, socket.socket(socket.AF_UNIX) as way:
            way.connect(guard)
            socket.send_fds(way, [b"."], [listener.fileno()])
    os.execv(program[0], program)


if __name__ == "__main__":
    main(*sys.argv[1:])
