"""Kernels are compiled wherever the product runs, also where nothing can be kept on disk."""

from matching.engine.fast import compiled


def test_kernel_is_compiled_where_no_folder_can_be_written_to(monkeypatch):
    njit = compiled.njit

    def njit_without_a_place(*, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(compiled, "njit", njit_without_a_place)

    twice = compiled.kernel(lambda number: 2 * number)

    assert (twice(21), len(twice.signatures)) == (42, 1)
