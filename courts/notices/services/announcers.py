"""Owns which acts are told to whom. Nothing is told of a ballot's votes: no act records them."""

from __future__ import annotations

from django.urls import reverse

from courts.frame.announcements import announces
from courts.models import Event, NoticeKind, QualityYear
from courts.notices.services.telling import tell
from courts.permissions import all_people, desk_people, office_people
from courts.years.selectors.years import sides_of

# What of an act's data a notice keeps: codes, never a figure or a text somebody wrote.
KEPT = ("court", "month", "side", "item", "number", "until")
# What else each act is, so that the notice can say which.
ABOUT_RETURNS = {
    "send_back": NoticeKind.RETURNED,
    "verify_return": NoticeKind.VERIFIED,
    "reopen_return": NoticeKind.UNLOCKED,
    "grant_unlock": NoticeKind.UNLOCKED,
    "refuse_unlock": NoticeKind.UNLOCKED,
}
OBJECTIONS = {
    "object_to_motion": ("courts:motion", "motion"),
    "object_to_bulletin": ("courts:objection", "objection"),
}


def _tell_court(event: Event, kind: str, address: str, key: str) -> None:
    """Tell the desk of the act's court and side."""
    year = event.quality_year
    if year is None:
        return
    tell(
        desk_people(year.court, event.data["court"], _sides(year, event)),
        kind=kind,
        key=key,
        address=address,
        year=year,
        data=_kept(event),
        besides=event.actor_id,
    )


def _sides(year: QualityYear, event: Event) -> list[str]:
    """The side of the act; all of them where it is of none, or of several."""
    side = event.data.get("side", "")
    known = [one.value for one in sides_of(year)]
    return [side] if side in known else known


def _kept(event: Event) -> dict[str, object]:
    found = {name: event.data[name] for name in KEPT if name in event.data}
    return found | {"act": event.action}


@announces(*ABOUT_RETURNS)
def about_a_return(event: Event) -> None:
    """Tell a court's desk what the office did with its return."""
    if event.quality_year is None:
        return
    place = (event.quality_year.code, *(event.data[name] for name in ("court", "month", "side")))
    address = reverse("courts:return", args=place)
    _tell_court(event, ABOUT_RETURNS[event.action], address, f"event {event.pk}")


@announces("decide_case", "decline_case", "refuse_case", "revoke_case")
def about_a_case(event: Event) -> None:
    """Tell a court what became of its application."""
    if event.quality_year is not None:
        address = reverse("courts:case", args=(event.quality_year.code, event.data["case"]))
        _tell_court(event, NoticeKind.DECIDED, address, f"event {event.pk}")


@announces("open_action", "return_answer")
def about_an_action(event: Event) -> None:
    """Tell a court that it is asked for an answer."""
    if event.quality_year is not None:
        address = reverse("courts:action", args=(event.quality_year.code, event.data["action"]))
        _tell_court(event, NoticeKind.ACTION, address, f"event {event.pk}")


@announces("object_to_entry", *OBJECTIONS)
def about_an_objection(event: Event) -> None:
    """Tell the office of the side that a court objects."""
    year = event.quality_year
    if year is None:
        return
    if event.action == "object_to_entry":
        place = (year.code, *(event.data[name] for name in ("court", "month", "side")))
        address = reverse("courts:review", args=place)
    else:
        view, name = OBJECTIONS[event.action]
        address = reverse(view, args=(year.code, event.data[name]))
    tell(
        office_people(year.court, _sides(year, event)),
        kind=NoticeKind.OBJECTED,
        key=f"event {event.pk}",
        address=address,
        year=year,
        data=_kept(event),
        besides=event.actor_id,
    )


@announces("publish_bulletin")
def about_a_bulletin(event: Event) -> None:
    """Tell everybody that there is an issue to read."""
    year = event.quality_year
    if year is not None:
        tell(
            all_people(year.court),
            kind=NoticeKind.BULLETIN,
            key=f"event {event.pk}",
            address=reverse("courts:bulletin", args=(year.code, event.data["bulletin"])),
            year=year,
            data=_kept(event),
            besides=event.actor_id,
        )


@announces("approve_restatement")
def about_a_restatement(event: Event) -> None:
    """Tell everybody that published months were corrected."""
    year = event.quality_year
    if year is not None:
        tell(
            all_people(year.court),
            kind=NoticeKind.RESTATED,
            key=f"event {event.pk}",
            address=reverse("courts:bulletins", args=(year.code,)),
            year=year,
            data={"act": event.action},
            besides=event.actor_id,
        )
