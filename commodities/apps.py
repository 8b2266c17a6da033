from django.apps import AppConfig


class CommoditiesConfig(AppConfig):
    name = "commodities"

    def ready(self):
        from commodities import checks  # noqa: F401  registers itself
