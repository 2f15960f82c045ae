"""Owns how things are said: amounts, signs, units, moments, sentences of steps and findings."""
