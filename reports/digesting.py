"""A file of which somebody asks what it is: its bytes are counted while they come in, and none of them is kept."""

import hashlib

from django.core.files.uploadhandler import FileUploadHandler


class DigestHandler(FileUploadHandler):
    """Counts a file while it comes in. Nothing of it is kept, neither on the disk nor in memory; nobody reads it."""

    def new_file(self, *arguments, **named) -> None:
        super().new_file(*arguments, **named)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> "Digested":
        return Digested(self.file_name, file_size, self.digest.hexdigest())


class Digested:
    """What is known of a file that was brought."""

    def __init__(self, name: str, size: int, sha256: str):
        self.name, self.size, self.sha256 = name, size, sha256
