"""Owns the application's name, its triggers after every migration, and the areas' registrations."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from courts.accounts import credential_watch
from courts.bulletins import issue_watch
from courts.closings import snapshot_watch
from courts.frame import record_watch, stamping

# Modules that put something into a registry: open work, motions, late acts, housekeeping.
REGISTERING = (
    "courts.assessments.open_work",
    "courts.assessments.services.motions",
    "courts.ballots.open_work",
    "courts.acceptances.open_work",
    "courts.actions.marks",
    "courts.actions.open_work",
    "courts.bulletins.open_work",
    "courts.systems.open_work",
    "courts.bulletins.template_work",
    "courts.restatements.services.late_proposals",
    "courts.cases.open_work",
    "courts.changes.services.motions",
    "courts.extracts.open_work",
    "courts.extracts.services.motions",
    "courts.motions.open_work",
    "courts.registers.beside",
    "courts.registers.open_work",
    "courts.returns.open_work",
    "courts.returns.services.baselines",
    "courts.reviews.open_work",
    "courts.rulebooks.open_work",
    "courts.rulebooks.services.motions",
    "courts.ballots.housekeeping",
    "courts.figures.housekeeping",
    "courts.files.housekeeping",
    "courts.frame.housekeeping",
    "courts.accounts.housekeeping",
    "courts.notices.housekeeping",
    "courts.notices.services.announcers",
    "courts.accounts.open_work",
    "courts.registers.housekeeping",
    "courts.accounts.record_checks",
    "courts.assessments.record_checks",
    "courts.extracts.record_checks",
    "courts.registers.record_checks",
    "courts.years.record_checks",
)


class CourtsConfig(AppConfig):
    """The courts of the prefecture and their quality year."""

    name = "courts"
    label = "courts"
    verbose_name = _("审判执行质量年")

    def ready(self) -> None:
        """Fill the registries; have triggers put up again whenever tables may have been made."""
        for module in REGISTERING:
            import_module(module)
        # Its pages stand in the administration, under a name that readers know.
        apps.get_app_config("axes").verbose_name = _("账号与安全")
        pre_migrate.connect(stamping.take_down, sender=self, dispatch_uid="courts.frame.stamping")
        post_migrate.connect(stamping.put_up, sender=self, dispatch_uid="courts.frame.stamping")
        post_migrate.connect(
            record_watch.put_up, sender=self, dispatch_uid="courts.frame.record_watch"
        )
        post_migrate.connect(
            credential_watch.put_up, sender=self, dispatch_uid="courts.accounts.credential_watch"
        )
        post_migrate.connect(
            snapshot_watch.put_up, sender=self, dispatch_uid="courts.closings.snapshot_watch"
        )
        post_migrate.connect(
            issue_watch.put_up, sender=self, dispatch_uid="courts.bulletins.issue_watch"
        )
