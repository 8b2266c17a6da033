from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import checks, receivers  # noqa: F401 - only now the models they need are there
        from accounts.history import name_commands

        name_commands()
