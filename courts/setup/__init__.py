"""Owns setting up: years, prefectures, the demonstration, which acts take two people."""
