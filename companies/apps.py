from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        from companies import receivers  # noqa: F401 - only now the models it needs are there
