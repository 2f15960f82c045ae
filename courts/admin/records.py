"""What happened: acts on the data, logins and failed logins; read, never written."""

from __future__ import annotations

import json
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.accounts.services.accounts import unlock_logins
from courts.admin.base import ReadOnlyAdmin, acting
from courts.admin.history import yes_or_no
from courts.admin.site import site
from courts.frame.listing import enumerated
from courts.frame.reasons import reason_told
from courts.models import Court, Event, User
from courts.permissions import Act, own_root, sees_every_court

# What services call their acts; one that is missing here shows its own name.
ACTIONS = {
    "setup_year": _("设立质量年"),
    "demo": _("加入演示数据"),
    "import_figures": _("导入数据"),
    "import_targets": _("导入目标值"),
    "import_courts": _("导入法院"),
    "import_accounts": _("导入账号"),
    "propose_accounts": _("提出账号"),
    "make_proposed_accounts": _("建立提出的账号"),
    "refuse_proposed_accounts": _("不同意提出的账号"),
    "confirm_account": _("确认账号"),
    "close_account": _("停用账号"),
    "take_over": _("接手工作"),
    "review_accounts": _("核对账号与权限"),
    "register_deputy": _("登记代理"),
    "end_deputy": _("终止代理"),
    "move_motion": _("提出待另一人确认的事项"),
    "confirm_motion": _("确认他人提出的事项"),
    "refuse_motion": _("不同意他人提出的事项"),
    "withdraw_motion": _("撤回提出的事项"),
    "object_to_motion": _("对提出的数据有异议"),
    "assess": _("评定分数"),
    "change_court": _("法院变动"),
    "import_extract": _("导入提取数据"),
    "make_api_token": _("建立接口令牌"),
    "revoke_api_token": _("停用接口令牌"),
    "send_extract": _("系统报送提取数据"),
    "take_sent_extract": _("提出系统报送的提取数据"),
    "discard_sent_extract": _("放弃系统报送的提取数据"),
    "make_acceptance": _("生成年终验收材料"),
    "sign_acceptance": _("签署年终验收"),
    "withdraw_acceptance": _("年终验收材料失效"),
    "set_up_year": _("设立质量年"),
    "set_deadline": _("设定填报期限"),
    "save_figures": _("填报数据"),
    "upload_figures": _("从表格填报"),
    "edit_sheet_source": _("修改表头对照"),
    "delete_sheet_source": _("删除表头对照"),
    "submit_return": _("提交报表"),
    "take_back": _("收回提交"),
    "begin_review": _("开始核实"),
    "verify_return": _("核实报表"),
    "send_back": _("退回报表"),
    "reopen_return": _("重新打开报表"),
    "expire_reopening": _("重新打开到期"),
    "request_unlock": _("申请解锁"),
    "grant_unlock": _("同意解锁"),
    "refuse_unlock": _("不同意解锁"),
    "enter_on_behalf": _("代法院填报"),
    "object_to_entry": _("对代报提出异议"),
    "settle_objection": _("处理代报异议"),
    "add_comment": _("留言"),
    "open_follow_up": _("标记待查"),
    "resolve_follow_up": _("待查办结"),
    "explain_difference": _("说明数据差异"),
    "settle_difference": _("处理数据差异"),
    "set_target": _("录入目标值"),
    "remove_target": _("删除目标值"),
    "set_cap": _("录入上限"),
    "remove_cap": _("删除上限"),
    "look_at_readings": _("看过解读"),
    "adopt_reading": _("采用解读"),
    "take_up_supplement": _("采用附则"),
    "save_scenario": _("保存测算方案"),
    "change_scenario": _("改动测算方案"),
    "delete_scenario": _("删除测算方案"),
    "apply_case": _("申请单独评分"),
    "verify_case": _("核实单独评分申请"),
    "refuse_case": _("不予通过单独评分申请"),
    "withdraw_case": _("撤回单独评分申请"),
    "decide_case": _("决定单独评分"),
    "decline_case": _("不同意单独评分"),
    "revoke_case": _("撤销单独评分决定"),
    "set_case_days": _("设定单独评分核实期限"),
    "register_line": _("登记或办理台账记录"),
    "register_import": _("导入台账记录"),
    "register_draw": _("摇号抽案"),
    "register_erasure": _("按规定清除台账里的个人信息"),
    "take_up_proposal": _("采纳督导建议"),
    "put_off_proposal": _("暂缓督导建议"),
    "decline_proposal": _("不采纳督导建议"),
    "open_action": _("发出督导"),
    "plan_visit": _("安排实地督导"),
    "record_visit": _("登记实地督导"),
    "set_cause": _("写明原因"),
    "add_measure": _("列入整改措施"),
    "finish_measure": _("完成整改措施"),
    "answer_action": _("答复督导"),
    "accept_answer": _("整改答复通过检查"),
    "return_answer": _("退回整改答复"),
    "close_action": _("办结督导"),
    "withdraw_action": _("撤销督导"),
    "plan_measure": _("填写工作要求的计划"),
    "report_measure": _("填写工作要求的进展"),
    "call_meeting": _("召集会商"),
    "add_topic": _("增加会商议题"),
    "set_present": _("填写会商出席人员"),
    "save_decision": _("记录会商决定"),
    "add_task": _("列入会商任务"),
    "drop_task": _("去掉会商任务"),
    "close_meeting": _("结束会商"),
    "set_ranking_shown": _("设定法院能看到的排名"),
    "set_month_profile": _("设定各月案件分布"),
    "draft_bulletin": _("起草通报"),
    "open_consultation": _("征求意见"),
    "answer_consultation": _("答复征求意见"),
    "settle_consultation": _("处理征求意见的答复"),
    "set_issuing_terms": _("设定征求意见和异议的期限"),
    "sign_bulletin": _("签发通报"),
    "void_signatures": _("签发作废"),
    "publish_bulletin": _("发布通报"),
    "withdraw_bulletin": _("撤回通报"),
    "move_issue": _("通报改用更正后的数据"),
    "draft_correction": _("起草更正通报"),
    "object_to_bulletin": _("对通报提出异议"),
    "withdraw_objection": _("撤回对通报的异议"),
    "answer_objection": _("答复对通报的异议"),
    "propose_restatement": _("提出更正"),
    "approve_restatement": _("批准更正"),
    "refuse_restatement": _("不同意更正"),
    "withdraw_restatement": _("撤回更正"),
    "set_issue": _("改动通报的编号、日期或标题"),
    "close_month": _("关账"),
    "reopen_month": _("重新打开已关账的月份"),
    "word_template": _("通报的 Word 模板"),
    "set_paper": _("设定通报版式"),
    "copy_edition": _("复制规则版本"),
    "import_edition": _("导入规则版本"),
    "edit_edition": _("修改规则草稿"),
    "propose_edition": _("提请规则施行"),
    "send_back_edition": _("退回规则草稿"),
    "enact_edition": _("规则施行"),
    "discard_edition": _("删除规则草稿"),
    "set_password": _("设置密码"),
    "unlock_login": _("解除登录锁定"),
    "end_sessions": _("结束登录"),
    "begin_second_factor": _("启用第二验证"),
    "end_second_factor": _("取消第二验证"),
    "ask_factor_release": _("申请取消他人的第二验证"),
    "refuse_factor_release": _("不同意取消第二验证"),
    "ballot_draft": _("准备投票"),
    "ballot_ask_keys": _("请监票人制作密钥"),
    "ballot_back_to_draft": _("投票退回准备"),
    "ballot_key": _("监票人交公钥"),
    "ballot_drop_key": _("作废监票人公钥"),
    "ballot_rehearse": _("监票人演练"),
    "ballot_second": _("写明第二轮投票的理由"),
    "ballot_second_agree": _("同意第二轮投票的理由"),
    "ballot_open": _("开始投票"),
    "ballot_extend": _("投票延期"),
    "ballot_close": _("截止投票"),
    "ballot_void": _("投票作废"),
    "ballot_confirm": _("参评人已核对"),
    "ballot_object": _("参评人提出异议"),
    "ballot_withdraw": _("参评人撤回异议"),
    "ballot_vouch": _("参评人为同事确认是本人"),
    "ballot_part": _("监票人开票"),
    "ballot_tally": _("计票"),
    "ballot_paper": _("录入纸质计票"),
    "ballot_paper_confirm": _("复核纸质计票"),
    "ballot_paper_drop": _("撤销纸质计票录入"),
}


class ActionFilter(admin.SimpleListFilter):
    """The acts that there are, in words."""

    title = _("动作")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        actions = model_admin.get_queryset(request).order_by("action")
        codes = actions.values_list("action", flat=True).distinct()
        return [(code, str(ACTIONS.get(code, code))) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


# Acts on scenarios, which are nobody else's while they are not shared.
SCENARIO_ACTIONS = frozenset({"save_scenario", "change_scenario", "delete_scenario"})


def _readable(event: Event) -> dict[str, Any]:
    """What an act did, without what a scenario held while it was its author's alone.

    Acts are recorded so; records of older versions hold all of it.
    """
    if event.action not in SCENARIO_ACTIONS:
        return event.data
    states = {name: event.data[name] for name in ("before", "after") if name in event.data}
    shared = {
        name: state if state.get("is_shared") else {"is_shared": False}
        for name, state in states.items()
    }
    return {"scenario": event.data.get("scenario"), **shared}


@admin.register(Event, site=site)
class EventAdmin(ReadOnlyAdmin):
    """An act without a year belongs to the prefecture of who did it."""

    list_display = ["at", "action_name", "actor", "quality_year", "why"]
    list_display_links = ["at", "action_name"]
    list_filter = [ActionFilter]
    list_select_related = ["actor", "quality_year"]
    date_hierarchy = "at"
    search_fields = ["action", "reason", "actor__username", "actor__name"]
    fields = ["at", "action_name", "actor_name", "quality_year", "why", "details"]
    readonly_fields = ["action_name", "actor_name", "why", "details"]

    def scoped(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if sees_every_court(request.user):
            return rows
        root = own_root(request.user)
        if root is None:
            return rows.none()
        own = Q(actor__court__in=Court.objects.under(root))
        return rows.filter(Q(quality_year__court=root) | Q(quality_year__isnull=True) & own)

    def in_scope(self, request: HttpRequest, obj: Model) -> bool:
        return self.scoped(request, Event.objects.filter(pk=obj.pk)).exists()

    @admin.display(description=_("动作"), ordering="action")
    def action_name(self, event: Event) -> str:
        return str(ACTIONS.get(event.action, event.action))

    @admin.display(description=_("操作人"))
    def actor_name(self, event: Event) -> str:
        """The name alone: most readers of an act may not open accounts."""
        return str(event.actor or _t("命令行"))

    @admin.display(description=_("原因"), ordering="reason")
    def why(self, event: Event) -> str:
        """What somebody wrote, or what the system says itself."""
        return reason_told(event.reason)

    @admin.display(description=_("详情"))
    def details(self, event: Event) -> SafeString:
        text = json.dumps(_readable(event), ensure_ascii=False, indent=2)
        return format_html('<pre class="qy-details">{}</pre>', text)


class LoginAdmin(ReadOnlyAdmin):
    """Logins of the accounts of the reader's prefecture; logins without an account are left out."""

    list_display_links = None
    list_per_page = 100
    search_fields = ["username", "ip_address"]
    fields = ["attempt_time", "username", "ip_address", "user_agent"]

    def scoped(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if sees_every_court(request.user):
            return rows
        root = own_root(request.user)
        if root is None:
            return rows.none()
        accounts = User.objects.filter(court__in=Court.objects.under(root))
        return rows.filter(username__in=accounts.values("username"))

    def in_scope(self, request: HttpRequest, obj: Model) -> bool:
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        return self.scoped(request, rows).exists()


@admin.register(AccessAttempt, site=site)
class FailedLoginAdmin(LoginAdmin):
    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "is_locked"]
    actions = ["unlock"]

    @admin.display(description=_("已锁定"))
    def is_locked(self, attempt: AccessAttempt) -> str:
        return yes_or_no(attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT)

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.UNLOCK)

    @admin.action(description=_("解除所选登录的锁定"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: QuerySet) -> None:
        names = unlock_logins(attempts=queryset, actor=acting(request))
        text = _t("已解除锁定：%(names)s。") % {"names": enumerated(names)}
        self.message_user(request, text)


@admin.register(AccessLog, site=site)
class LoginLogAdmin(LoginAdmin):
    list_display = ["attempt_time", "logout_time", "username", "ip_address"]
