"""Owns the addresses of the application's pages."""

from django.urls import URLPattern

app_name = "courts"

urlpatterns: list[URLPattern] = []
