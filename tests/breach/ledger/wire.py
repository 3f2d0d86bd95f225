"""A wire between a PostgreSQL client and its server that breaks at the next COMMIT, before or after it arrives."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

COMMIT = b"COMMIT\0"
"""The statement with its end, on the wire; READ COMMITTED has not got that end."""


class Wire:
    """Passes bytes on. Cut once when armed: "before" the COMMIT reaches the server, or "after" it is answered."""

    def __init__(self, place: Path, server: Path) -> None:
        self.armed = ""
        self._server = server
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(place / server.name))
        self._door.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self._server))
        answers = threading.Thread(target=self._answers, args=(server, client), daemon=True)
        answers.start()
        with suppress(OSError):
            while data := client.recv(65536):
                if self.armed and COMMIT in data:
                    before, self.armed = self.armed == "before", ""
                    client.shutdown(socket.SHUT_RDWR)  # the answer will find nobody
                    if not before:
                        server.sendall(data)
                        server.shutdown(socket.SHUT_WR)
                        answers.join(10)  # the server has committed when it closes
                    break
                server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)  # the other thread still reads from it: closing alone would not end it
        server.close()
        client.close()

    @staticmethod
    def _answers(server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                with suppress(OSError):
                    client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(place: Path, server: Path) -> Iterator[Wire]:
    """A socket of the server's name in the folder `place`, connected to the server's."""
    made = Wire(place, server)
    yield made
    made.close()
