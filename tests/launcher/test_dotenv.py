from launcher import dotenv


def test_parse_reads_what_people_write():
    text = """
# servers
DATABASE_URL=postgres://tm:pa#ss@db:5432/tm
export REDIS_URL='redis://cache/0' # shared
SECRET_KEY="with blank"
EMPTY=
BARE=value # a remark
no assignment here
"""

    assert dotenv.parse(text) == {
        "DATABASE_URL": "postgres://tm:pa#ss@db:5432/tm",
        "REDIS_URL": "redis://cache/0",
        "SECRET_KEY": "with blank",
        "EMPTY": "",
        "BARE": "value",
    }


def test_given_values_let_the_environment_overrule_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DATABASE_URL=postgres://file/a\nREDIS_URL=redis://file/0\n")

    given = dotenv.given_values(file, {"REDIS_URL": "redis://environment/0"})

    assert given == {"DATABASE_URL": "postgres://file/a", "REDIS_URL": "redis://environment/0"}


def test_given_values_take_an_empty_one_as_not_given(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DATABASE_URL=postgres://file/a\n")

    assert dotenv.given_values(file, {"DATABASE_URL": ""}) == {}


def test_given_values_need_no_file(tmp_path):
    assert dotenv.given_values(tmp_path / ".env", {}) == {}
