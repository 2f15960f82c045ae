"""The administration pages, one module an area; what each role may do stands in permissions."""

# Importing an area registers its models with the site.
from courts.admin import accounts, ballots, courts, records, returns, targets, work, years
from courts.admin.site import site

__all__ = [
    "accounts",
    "ballots",
    "courts",
    "records",
    "returns",
    "site",
    "targets",
    "work",
    "years",
]
