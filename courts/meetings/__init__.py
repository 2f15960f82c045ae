"""Meetings about a month (会商): agenda, one screen a topic, minutes, tasks."""
