"""Named arrays as bytes and back, in numpy's own format (.npz), without pickle: the same arrays give the same bytes.

Packed as lightly as deflate can: the arrays of a large shard are hundreds of megabytes, most of them zeros and runs,
and the last tenth that a harder squeeze saves costs four times the time.
"""

import io
import zipfile
from collections.abc import Mapping

import numpy as np

LEVEL = 1


def pack(arrays: Mapping[str, np.ndarray], words: str) -> bytes:
    """The arrays, and a text beside them under the name `words`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, array in {**arrays, "words": np.frombuffer(words.encode(), np.uint8)}.items():
            # Opened by its name an entry carries no clock: each says that it is from 1980.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[dict[str, np.ndarray], str]:
    """Also what was packed before by `np.savez_compressed`, whose text was an array of letters."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    words = arrays.pop("words")
    return arrays, str(words) if words.dtype.kind == "U" else words.tobytes().decode()
