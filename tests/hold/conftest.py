"""Owns printing, at the end of a run, what each trial tried and what was lost."""

from __future__ import annotations

import pytest

from tests.hold.scale import SCALE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests noted under `hold`, in the order in which they ended."""
    lines = [
        str(value)
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "hold" and report.when == "call"
    ]
    if lines:
        terminalreporter.section(f"what held, at scale {SCALE or 'of a sample'}")
        for line in lines:
            terminalreporter.write_line(line)
