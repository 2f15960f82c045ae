"""Owns whatever gathers all areas: the way in, desks, a court's home, turning between years."""
