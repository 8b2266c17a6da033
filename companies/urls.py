from django.urls import path

from companies import views

app_name = "companies"

urlpatterns = [
    path("book/", views.book, name="book"),
    path("book/template-<str:language>.xlsx", views.book_template, name="book-template"),
]
