"""Owns asking courts about their own figures and points before an issue is signed."""
