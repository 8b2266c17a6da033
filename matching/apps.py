from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import receivers, receivers_imports  # noqa: F401 - only now the models it needs are there
