"""The stamp of the programme tells every source of its apps."""

from accounts import programme


def test_stamp_tells_every_source_of_the_apps(tmp_path):
    for name in ("goods/apps.py", "goods/models/rows.py", "pages/apps.py", "tests/test_rows.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("KEPT_S = 4")
    stamp = programme.stamp.__wrapped__
    before, told = stamp(tmp_path), {}

    for path in tmp_path.rglob("*.py"):
        path.write_text("KEPT_S = 5")
        told[str(path.relative_to(tmp_path))] = stamp(tmp_path) != before
        path.write_text("KEPT_S = 4")
    (tmp_path / "goods/models/rows.py").rename(tmp_path / "goods/models/lines.py")

    assert told == {
        "goods/apps.py": True,
        "goods/models/rows.py": True,
        "pages/apps.py": True,
        "tests/test_rows.py": False,
    }
    assert stamp(tmp_path) != before
