"""Write the golden files: what the commands print for a year of made figures.

Runs on a scratch database in memory, through the same commands a person would use.
"""

from __future__ import annotations

import os
import sys
from io import StringIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["DEBUG"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "qualityyear.settings"

# File by what the score command is asked for.
WANTED = {
    "score-2019-12.txt": ["2019-12"],
    "score-2019-12.csv": ["2019-12", "--format", "csv"],
    "score-2019-06.csv": ["2019-06", "--format", "csv"],
    "score-2019-12-other-readings.csv": [
        "2019-12",
        "--format",
        "csv",
        "--reading",
        "step=whole",
        "missed_target=attainment",
        "q11=half_each",
        "grassroots_mean=by_docket",
    ],
    "explain-yanbian-2019-12.txt": ["2019-12", "--court", "yanbian", "--explain"],
    "explain-antu-2019-06.txt": ["2019-06", "--court", "antu", "--explain"],
}


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    quiet = StringIO()
    call_command("migrate", verbosity=0)
    call_command("setup_year", "yanbian-2019", stdout=quiet)
    call_command("import_figures", str(HERE / "made-2019.csv"), stdout=quiet, stderr=quiet)
    call_command("import_targets", str(HERE / "made-targets-2019.csv"), stdout=quiet)
    for name, arguments in WANTED.items():
        printed = StringIO()
        call_command("score", *arguments, stdout=printed)
        text = printed.getvalue().replace("\r\n", "\n").removeprefix("\ufeff")
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
