"""The product's settings, with the address that does nothing beside the others."""

import os
from pathlib import Path

from qualityyear.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.pages_urls"
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
