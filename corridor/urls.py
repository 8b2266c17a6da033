from django.urls import URLPattern

app_name = "corridor"
urlpatterns: list[URLPattern] = []
