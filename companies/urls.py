from django.urls import path

from companies import views

app_name = "companies"

urlpatterns = [
    path("", views.book, name="book"),
    path("template-<str:language>.xlsx", views.book_template, name="book-template"),
]
