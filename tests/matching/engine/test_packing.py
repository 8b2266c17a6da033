"""Arrays as bytes: the same arrays give the same bytes, and come back as they were."""

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as made

from matching.engine.packing import pack, unpack

ARRAYS = st.dictionaries(
    st.from_regex(r"[a-z]+(\.[a-z_]+)?", fullmatch=True).filter(lambda name: name != "words"),
    made.arrays(st.sampled_from([np.int64, np.int8, np.float64, bool]), made.array_shapes(min_dims=1, min_side=0)),
    max_size=4,
)


@given(ARRAYS, st.text())
def test_what_is_packed_comes_back(arrays, words):
    words = words.encode(errors="replace").decode()  # a text that can be written: no half of a pair of surrogates
    data = pack(arrays, words)
    found, said = unpack(data)

    assert said == words
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array, equal_nan=array.dtype == np.float64)
    assert pack(found, said) == data


def test_bytes_of_earlier_runs_are_still_read():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, kg=np.arange(3), words=np.array("груз"))

    arrays, words = unpack(buffer.getvalue())

    assert words == "груз"
    assert arrays["kg"].tolist() == [0, 1, 2]
