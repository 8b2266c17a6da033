"""What `docker compose` would have to accept, and what must hold so that the containers work together.

No image is built here; these tests read the file as closely as that allows.
"""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ["setup", "web", "worker", "beat"]
SERVING = [name for name in SERVICES if name != "setup"]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:-|:\?)?[^}]*\}")


def names_in_env_example() -> set[str]:
    return set(re.findall(r"^#?\s?(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


def names_read_by_settings() -> set[str]:
    text = (ROOT / "tradematch/settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", text))


def command_of(name: str) -> str:
    command = SERVICES[name]["command"]
    return command if isinstance(command, str) else " ".join(command)


def test_compose_file_follows_the_specification():
    schema = json.loads((Path(__file__).parent / "compose-spec.schema.json").read_text(encoding="utf-8"))
    faults = jsonschema.Draft7Validator(schema).iter_errors(COMPOSE)

    assert [f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in faults] == []


def test_compose_file_has_the_parts_of_the_product():
    assert sorted(SERVICES) == ["beat", "db", "redis", "setup", "web", "worker"]


def test_every_volume_is_declared_and_used():
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert used == set(COMPOSE["volumes"])


def test_every_network_is_declared_and_used():
    used = {network for service in SERVICES.values() for network in service["networks"]}

    assert used == set(COMPOSE["networks"])


def test_only_the_web_server_can_be_reached_and_only_from_this_machine_by_default():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["${TM_BIND:-127.0.0.1:8000}:8000"]}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["web"]


@pytest.mark.parametrize("name", SERVING)
def test_whatever_keeps_running_says_how_it_is_and_comes_back(name):
    service = SERVICES[name]

    assert set(service["healthcheck"]) == {"test", "interval", "timeout", "retries", "start_period"}
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_programs_wait_for_servers_that_are_well_and_for_the_tables(name):
    waits = {other: wish["condition"] for other, wish in SERVICES[name]["depends_on"].items()}
    servers = {"db": "service_healthy", "redis": "service_healthy"}

    assert waits == (servers if name == "setup" else {**servers, "setup": "service_completed_successfully"})
    assert all("healthcheck" in SERVICES[other] for other, state in waits.items() if state == "service_healthy")


def test_the_set_up_runs_once_and_ends():
    assert SERVICES["setup"]["restart"] == "no"
    assert command_of("setup") == "sh -c python manage.py migrate --noinput && python manage.py load_reference"


@pytest.mark.parametrize("name", OURS)
def test_our_programs_share_one_image_and_run_with_as_few_rights_as_possible(name):
    service = SERVICES[name]

    assert (service["image"], service["build"]) == ("tradematch:${TM_VERSION:-local}", ".")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" not in service  # the image's own, which is not root


def test_no_secret_is_written_down():
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"):
        forms = {found[2] for found in VARIABLE.finditer(TEXT) if found[1] == name}

        assert forms == {":?"}, f"{name} must be demanded, not have a default"
    secret = re.compile("PASSWORD|SECRET|AUTH|TOKEN")
    given = [pair for service in SERVICES.values() for pair in service.get("environment", {}).items()]
    values = [v for k, v in given if secret.search(k) and k != "SECRET_KEY_FALLBACKS"]  # of those there may be none
    assert len(values) >= 3
    assert [value for value in values if not re.fullmatch(r"\$\{\w+:\?[^}]*\}", value)] == []


def test_every_variable_is_explained_in_env_example():
    assert {found[1] for found in VARIABLE.finditer(TEXT)} - names_in_env_example() == set()
    assert names_read_by_settings() - names_in_env_example() == set()


def test_what_our_programs_are_given_is_what_the_settings_read():
    given = {name for service in OURS for name in SERVICES[service]["environment"]}

    assert given - names_read_by_settings() == set()
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS"} <= given


def test_the_addresses_name_the_servers_beside():
    environment = SERVICES["web"]["environment"]

    assert re.fullmatch(
        r"postgres://tradematch:\$\{POSTGRES_PASSWORD:\?[^}]*\}@db:5432/tradematch", environment["DATABASE_URL"]
    )
    assert re.fullmatch(r"redis://:\$\{REDIS_PASSWORD:\?[^}]*\}@redis:6379/0", environment["REDIS_URL"])
    assert SERVICES["db"]["environment"]["POSTGRES_USER"] == "tradematch"
    assert SERVICES["db"]["environment"]["POSTGRES_DB"] == "tradematch"


def test_the_database_can_find_cyrillic_words():
    arguments = SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()

    assert SERVICES["db"]["image"] == "postgres:18"
    assert "--locale-provider=builtin" in arguments
    assert "--builtin-locale=C.UTF-8" in arguments


def test_the_database_is_kept_where_version_18_looks_for_it():
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]


def test_the_broker_loses_nothing():
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))

    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--requirepass"].startswith("${REDIS_PASSWORD:?")
    assert SERVICES["redis"]["volumes"] == ["messages:/data"]


def test_the_worker_takes_from_every_queue():
    queues = {settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}
    taken = re.search(r"--queues=(\S+)", command_of("worker"))[1].split(",")

    assert set(taken) == queues


def test_exactly_one_clock_runs():
    with_clock = [
        name for name in SERVING if re.search(r"\bbeat\b", " ".join(map(str, SERVICES[name].get("command", []))))
    ]

    assert with_clock == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_the_health_check_of_the_page_is_let_in():
    assert SERVICES["web"]["environment"]["ALLOWED_HOSTS"].startswith("127.0.0.1,")
    assert SERVICES["web"]["healthcheck"]["test"][-1] == "http://127.0.0.1:8000/readyz"
    assert "--bind=0.0.0.0:8000" in command_of("web")


def test_a_task_has_time_to_end_when_the_worker_is_stopped():
    grace_s = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))

    assert grace_s > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_each_program_knows_how_long_it_may_wait_for_the_database():
    kinds = {name: SERVICES[name]["environment"]["TM_PROCESS"] for name in OURS}

    assert kinds == {"setup": "command", "web": "web", "worker": "worker", "beat": "beat"}


def test_every_program_writes_its_log_in_one_form():
    assert {SERVICES[name]["environment"]["LOG_FORMAT"] for name in OURS} == {"json"}
    assert "--logger-class=tradematch.gunicorn_log.Logger" in command_of("web")
    assert [name for name in ("worker", "beat") if "celery --quiet" in command_of(name)] == ["worker", "beat"]
