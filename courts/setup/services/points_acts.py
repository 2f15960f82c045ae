"""Owns the list of acts that take two people: who is first, who second, and where each is done.

Whatever changes figures, rules, supplements, targets, caps or decided points stands here, or a test
fails that walks all addresses. That the second is another person is asked by
`permissions.is_another` alone, and by a constraint of the database for each act. What the command
line does counts at once: it is the operator's way, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courts.assessments.services.motions import move_assessed
from courts.ballots.services import casting, opening, paper, rounds
from courts.bulletins.services.prose import make_draft
from courts.bulletins.services.publishing import publish
from courts.bulletins.services.publishing import withdraw as withdraw_issue
from courts.bulletins.services.signatures import sign
from courts.cases.services import special_cases
from courts.changes.services.motions import move_change
from courts.closings.services.closing import close_month
from courts.extracts.services import motions as extract_motions
from courts.figures.services.imports import import_figures
from courts.models import Motion
from courts.motions.services import motions
from courts.restatements.services import restatements
from courts.restatements.services.objections import answer_objection
from courts.restatements.services.restatements import propose_figures
from courts.returns.services import baselines, behalf, from_registers, returns
from courts.reviews.services import reviews
from courts.rulebooks.services import editions, new_years
from courts.rulebooks.services import motions as rule_motions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PointsAct:
    """One act: in words who is first and second; the services of each step, None where there is
    no such step; the addresses on which each is done; the constraint that keeps them apart.
    """

    code: str
    label: StrOrPromise
    first: StrOrPromise
    second: StrOrPromise
    proposed: tuple[Callable[..., Any], ...]
    confirmed: tuple[Callable[..., Any], ...]
    refused: Callable[..., Any] | None
    withdrawn: Callable[..., Any] | None
    proposed_on: tuple[str, ...]
    confirmed_on: tuple[str, ...]
    constraint: str


SIDE_OFFICE = _("负责该类数据的部门")
ANOTHER_OF_SIDE = _("该部门的另一人")
OFFICE = _("审判管理办公室")
ANOTHER_INTERPRETER = _("负责解释的管理部门中的另一人")


def _motion(
    kind: Motion.Kind,
    first: StrOrPromise,
    second: StrOrPromise,
    makers: tuple[Callable[..., Any], ...],
    *addresses: str,
) -> PointsAct:
    """An act that waits as a motion."""
    return PointsAct(
        code=kind.value,
        label=kind.label,
        first=first,
        second=second,
        proposed=makers,
        confirmed=(motions.confirm,),
        refused=motions.refuse,
        withdrawn=motions.withdraw,
        proposed_on=addresses,
        confirmed_on=("courts:motion",),
        constraint="motion_two_people",
    )


ACTS: tuple[PointsAct, ...] = (
    PointsAct(
        code="return",
        label=_("月度报表"),
        first=_("法院该类报表的填报岗"),
        second=SIDE_OFFICE,
        proposed=(returns.save_cells, from_registers.fill_from_register, returns.submit),
        confirmed=(reviews.verify, reviews.verify_many),
        refused=reviews.send_back,
        withdrawn=None,
        proposed_on=(
            "courts:return_cells",
            "courts:return_from_register",
            "courts:return_submit",
            "courts:upload_confirm",
        ),
        confirmed_on=("courts:review", "courts:reviews"),
        constraint="return_verifier_not_submitter",
    ),
    PointsAct(
        code="behalf",
        label=_("代法院填报或导入的数据"),
        first=SIDE_OFFICE,
        second=ANOTHER_OF_SIDE,
        proposed=(import_figures, behalf.enter_on_behalf, behalf.hand_in_on_behalf),
        confirmed=(reviews.verify, reviews.verify_many),
        refused=reviews.send_back,
        withdrawn=None,
        proposed_on=(
            "courts:behalf_cells",
            "courts:review_reopen",
            "courts:unlock_decide",
            "admin:courts_figure_import",
            "admin:courts_figure_process_import",
        ),
        confirmed_on=("courts:review", "courts:reviews"),
        constraint="on_behalf_second_person",
    ),
    _motion(
        Motion.Kind.BASELINE,
        SIDE_OFFICE,
        ANOTHER_OF_SIDE,
        (baselines.move_baseline,),
        "admin:courts_figure_import",
        "admin:courts_figure_process_import",
        "courts:base_give",
    ),
    _motion(
        Motion.Kind.EXTRACT,
        SIDE_OFFICE,
        ANOTHER_OF_SIDE,
        (extract_motions.move_extract,),
        "courts:extracts",
        "courts:extracts_confirm",
        "courts:sent_extract",
    ),
    _motion(
        Motion.Kind.SETTLEMENT,
        SIDE_OFFICE,
        ANOTHER_OF_SIDE,
        (extract_motions.move_settlements,),
        "courts:differences",
        "courts:difference",
    ),
    _motion(
        Motion.Kind.READING,
        OFFICE,
        ANOTHER_INTERPRETER,
        (rule_motions.move_reading,),
        "courts:reading",
    ),
    _motion(
        Motion.Kind.TARGETS,
        OFFICE,
        ANOTHER_INTERPRETER,
        (rule_motions.move_target, rule_motions.move_target_file),
        "courts:target_new",
        "courts:target",
        "courts:target_remove",
        "courts:targets_import",
    ),
    _motion(
        Motion.Kind.CAPS,
        OFFICE,
        ANOTHER_INTERPRETER,
        (rule_motions.move_cap, rule_motions.move_cap_file, rule_motions.move_proposed_caps),
        "courts:caps",
        "courts:cap",
        "courts:caps_import",
    ),
    _motion(
        Motion.Kind.SUPPLEMENT,
        OFFICE,
        ANOTHER_INTERPRETER,
        (rule_motions.move_supplement,),
        "courts:supplements",
    ),
    _motion(
        Motion.Kind.ASSESSED,
        SIDE_OFFICE,
        ANOTHER_OF_SIDE,
        (move_assessed,),
        "courts:assessments",
    ),
    _motion(
        Motion.Kind.COURTS,
        OFFICE,
        ANOTHER_INTERPRETER,
        (move_change,),
        "courts:court_changes",
    ),
    PointsAct(
        code="edition",
        label=_("规则版本"),
        first=OFFICE,
        second=_("没有参与起草和提交的另一人"),
        proposed=(editions.propose,),
        confirmed=(editions.put_in_force, new_years.set_up_year),
        refused=editions.send_back,
        withdrawn=editions.send_back,
        proposed_on=(
            "courts:edition_new",
            "courts:edition_text",
            "courts:edition_part",
            "courts:edition_files",
            "courts:edition_propose",
            "courts:edition_return",
            "courts:edition_discard",
        ),
        confirmed_on=("courts:edition_enact", "courts:new_year"),
        constraint="edition_second_person",
    ),
    PointsAct(
        code="case",
        label=_("单独评分"),
        first=_("法院申请，各管理部门核实"),
        second=_("没有参与申请和核实的院党组成员"),
        proposed=(special_cases.apply_for, special_cases.verify_case),
        confirmed=(special_cases.decide_case, special_cases.revoke_case),
        refused=special_cases.decline_case,
        withdrawn=special_cases.withdraw_case,
        proposed_on=("courts:case_new",),
        confirmed_on=("courts:case",),
        constraint="case_verification_two_people",
    ),
    PointsAct(
        code="bulletin",
        label=_("月度通报"),
        first=_("负责该类数据的部门关账、编辑"),
        second=_("所涉每个部门没有关账和编辑的另一人"),
        proposed=(close_month, make_draft),
        confirmed=(sign, publish),
        refused=withdraw_issue,
        withdrawn=withdraw_issue,
        proposed_on=(
            "courts:close",
            "courts:bulletin_draft",
            "courts:bulletin_edit",
            "courts:bulletin_blocks",
        ),
        confirmed_on=("courts:bulletin_sign",),
        constraint="bulletin_two_people",
    ),
    PointsAct(
        code="restatement",
        label=_("更正"),
        first=_("负责该类数据的部门，或者作出决定的人"),
        second=_("负责该类数据的部门的另一人"),
        proposed=(propose_figures, answer_objection),
        confirmed=(restatements.approve,),
        refused=restatements.refuse,
        withdrawn=restatements.withdraw,
        proposed_on=("courts:restatement_new", "courts:objection"),
        confirmed_on=("courts:restatement",),
        constraint="restatement_two_people",
    ),
    PointsAct(
        code="ballot",
        label=_("无记名评分"),
        first=_("领导小组成员投票"),
        second=_("达到法定人数的监票人开票"),
        proposed=(rounds.draft_round, casting.cast),
        confirmed=(opening.open_part,),
        refused=None,
        withdrawn=None,
        proposed_on=(
            "courts:ballot_new",
            "courts:ballot_edit",
            "courts:ballot_act",
            "courts:ballot_key",
            "courts:ballot_nonce",
            "courts:ballot_rehearsal",
            "courts:ballot_cast",
        ),
        confirmed_on=("courts:ballot_partial",),
        constraint="",
    ),
    PointsAct(
        code="paper_ballot",
        label=_("纸质计票结果"),
        first=OFFICE,
        second=_("审判管理办公室的另一人"),
        proposed=(paper.enter_paper,),
        confirmed=(paper.confirm_paper,),
        refused=paper.drop_paper,
        withdrawn=paper.drop_paper,
        proposed_on=("courts:ballot_paper",),
        confirmed_on=("courts:ballot_paper",),
        constraint="paper_tally_two_people",
    ),
)
