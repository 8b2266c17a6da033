from django.apps import AppConfig


class CorridorConfig(AppConfig):
    name = "corridor"
