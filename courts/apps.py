"""Owns the application's name, and that its triggers are up after every migration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from courts import credential_watch, issue_watch, snapshot_watch, stamping


class CourtsConfig(AppConfig):
    """The courts of the prefecture and their quality year."""

    name = "courts"
    label = "courts"
    verbose_name = _("审判执行质量年")

    def ready(self) -> None:
        """Have the triggers put up again whenever tables may have been made.

        What proposes restatements registers itself once the models are there.
        """
        import_module("courts.bulletins.services.late_proposals")
        post_migrate.connect(stamping.put_up, sender=self, dispatch_uid="courts.stamping")
        post_migrate.connect(
            credential_watch.put_up, sender=self, dispatch_uid="courts.credential_watch"
        )
        post_migrate.connect(
            snapshot_watch.put_up, sender=self, dispatch_uid="courts.snapshot_watch"
        )
        post_migrate.connect(issue_watch.put_up, sender=self, dispatch_uid="courts.issue_watch")
