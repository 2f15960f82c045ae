"""The cases behind counts: registers described by supplements, reconciled with returns."""
