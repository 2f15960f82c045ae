"""Owns a court's returns: grids, uploads, handing in, entries on behalf."""
