"""A small register of supervised matters, made for tests."""

NAME = "matters.toml"
MADE = """
code = "matters"
kind = "register"
version = 1
title = { zh = "事项", ko = "사항", en = "Matters" }
about = { zh = "测试用", ko = "시험용", en = "For tests" }
paragraph = "正文三·10"
side = "enforcement"
opened_by = ["desk"]
month_from = "due_on"
identity = ["name"]
cause = "kind"
columns = ["name", "kind", "due_on"]
statistics = ["kind", "judge"]
retention = 12

[[states]]
code = "begun"
label = { zh = "办理中", ko = "처리중", en = "under way" }
by = ["desk", "centre"]
next = ["ended"]
days = 10

[[states]]
code = "ended"
label = { zh = "已办结", ko = "종결", en = "ended" }

[[fields]]
code = "name"
label = { zh = "名称", ko = "이름", en = "Name" }
type = "text"
by = ["desk"]
required = "begun"
suggested_from = "overturned.lesson"

[[fields]]
code = "kind"
label = { zh = "大小", ko = "크기", en = "Size" }
type = "choice"
by = ["desk"]
required = "begun"
choices = [
    { code = "big", label = { zh = "大", ko = "큼", en = "big" } },
    { code = "small", label = { zh = "小", ko = "작음", en = "small" } },
]

[[fields]]
code = "due_on"
label = { zh = "到期", ko = "기한", en = "Due" }
type = "date"
by = ["desk"]
required = "begun"

[[fields]]
code = "done_on"
label = { zh = "办结", ko = "종결", en = "Done" }
type = "date"
by = ["desk", "centre"]
required = "ended"

[[fields]]
code = "size"
label = { zh = "分钟", ko = "분", en = "Minutes" }
type = "number"
by = ["desk"]
low = 1
high = 90

[[fields]]
code = "judge"
label = { zh = "承办人", ko = "담당자", en = "Judge" }
type = "staff"
by = ["desk"]
personal = true

[[counts]]
metric = "supervised_matters_due"
month_from = "due_on"
when = [{ field = "kind", values = ["big"] }]

[[counts]]
metric = "supervised_matters_in_time"
month_from = "due_on"
when = [
    { field = "kind", values = ["big"] },
    { field = "done_on", not_after = "due_on" },
    { states = ["ended"] },
]
"""
