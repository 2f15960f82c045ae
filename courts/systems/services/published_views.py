"""Owns the views of published months for reporting tools, in a schema of their own (PostgreSQL).

A command puts them up, never a migration: they hang on tables, and a server without such a tool
needs none. They tell what the API tells a system of the prefecture: published snapshots, nothing of
a month before, no ballot, no account. A reader gets these views and must have nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from courts.frame.refusals import ReturnError
from courts.models import Court

SCHEMA = "published"
MARK = "Quality Year: views of published months; put up by manage.py publish_views."


@dataclass(frozen=True, slots=True)
class View:
    """One view: its columns with what each holds, and the query that makes them, in that order."""

    name: str
    about: str
    columns: tuple[tuple[str, str], ...]
    query: str

    def statement(self, root: int) -> str:
        """The statement that makes it; the barrier keeps a reader's functions off other rows."""
        names = ", ".join(f'"{name}"' for name, _about in self.columns)
        content = _CONTENT.format(schema=SCHEMA)
        query = self.query.format(root=int(root), schema=SCHEMA, content=content)
        return f"CREATE VIEW {SCHEMA}.{self.name} ({names}) WITH (security_barrier) AS {query}"


_MONTH = ("month", "The month, as 2019-12; figures are year to date.")
_YEAR = ("year", "Code of the quality year, as yanbian-2019.")
_COURT = ("court", "Code of the court.")
_SIDE = ("side", "Code of the side, as litigation.")
_CONTENT = """
    SELECT m.year, m.month, m.side, m.snapshot, part -> 'content' AS content
    FROM {schema}.months m
    JOIN courts_snapshot s ON s.sha256 = m.snapshot
    CROSS JOIN LATERAL jsonb_array_elements(s.text::jsonb -> 'parts') AS part
    WHERE part ->> 'name' LIKE 'court/%'
"""

VIEWS: Sequence[View] = (
    View(
        "courts",
        "The courts of the prefecture, by their names of today.",
        (
            _COURT,
            ("name", "Full name, Chinese."),
            ("short_name", "Short name, Chinese."),
            ("name_ko", "Korean name; empty where there is none."),
            ("name_en", "English name; empty where there is none."),
            ("level", "Code of the level, as grassroots."),
            ("place", "Place in the order of the notice."),
        ),
        """
        SELECT code, name, short_name, name_ko, name_en, level, "order" FROM courts_court
        WHERE id = {root} OR parent_id = {root}
        """,
    ),
    View(
        "former_names",
        "Names that courts had before; a month's is the first that ends later, else today's.",
        (
            _COURT,
            ("before", "The month from which on the court had another name, as 2019-06."),
            ("name", "Full name, Chinese."),
            ("short_name", "Short name, Chinese."),
            ("name_ko", "Korean name; empty where there is none."),
            ("name_en", "English name; empty where there is none."),
        ),
        """
        SELECT c.code, y.year || '-' || lpad(h.from_month::text, 2, '0'), h.old_names ->> 1,
            h.old_names ->> 0, h.old_names ->> 2, coalesce(h.old_names ->> 3, '')
        FROM courts_courtchange h
        JOIN courts_court c ON c.id = h.court_id
        JOIN courts_qualityyear y ON y.id = h.quality_year_id AND y.court_id = {root}
        WHERE h.kind = 'renamed'
        """,
    ),
    View(
        "months",
        "What is published: one row for each side of a month, by the snapshot that counts.",
        (
            _YEAR,
            _MONTH,
            _SIDE,
            ("snapshot", "SHA-256 of the snapshot, as the bulletin prints it."),
            ("restated", "Whether the snapshot restates an earlier one."),
            ("demo", "Whether made-up figures are in it."),
            ("published_at", "When the bulletin was published."),
        ),
        """
        SELECT DISTINCT ON (y.id, s.month, c.side)
            y.code, y.year || '-' || lpad(s.month::text, 2, '0'), c.side, s.sha256,
            s.restates_id IS NOT NULL, s.is_demo, s.published_at
        FROM courts_snapshot s
        JOIN courts_qualityyear y ON y.id = s.quality_year_id AND y.court_id = {root}
        JOIN courts_closing c ON c.quality_year_id = s.quality_year_id AND c.month = s.month
            AND c.reopened_at IS NULL AND c.side = ANY (string_to_array(s.sides, ','))
        WHERE s.voided_at IS NULL AND s.published_at IS NOT NULL
        ORDER BY y.id, s.month, c.side, s.number DESC
        """,
    ),
    View(
        "bulletins",
        "The published issues.",
        (
            _YEAR,
            _MONTH,
            ("number_year", "Year of the issue's number."),
            ("number", "The issue's number."),
            ("title", "Title, Chinese."),
            ("state", "published, or withdrawn."),
            ("published_at", "When it was published."),
            ("snapshot", "SHA-256 of its snapshot."),
        ),
        """
        SELECT y.code, y.year || '-' || lpad(b.month::text, 2, '0'), b.number_year, b.number,
            b.title, b.state, b.published_at, s.sha256
        FROM courts_bulletin b
        JOIN courts_qualityyear y ON y.id = b.quality_year_id AND y.court_id = {root}
        JOIN courts_snapshot s ON s.id = b.snapshot_id
        WHERE b.published_at IS NOT NULL
        """,
    ),
    View(
        "totals",
        "Total and rank, where one snapshot publishes all sides of a month and the rules have any.",
        (
            _YEAR,
            _MONTH,
            _COURT,
            ("total", "Total points."),
            ("rank", "Rank among the courts of the ranked level; null for others."),
            ("provisional", "Whether an item without points is in the total."),
            ("snapshot", "SHA-256 of the snapshot."),
        ),
        """
        SELECT year, month, content ->> 'code', (content -> 'score' ->> 'total')::numeric,
            (content -> 'score' ->> 'rank')::integer,
            (content -> 'score' ->> 'provisional')::boolean, snapshot
        FROM ({content}) AS told
        GROUP BY year, month, content, snapshot
        HAVING count(*) = (
            SELECT count(*) FROM jsonb_object_keys(content -> 'score' -> 'halves')
        ) AND content -> 'score' ->> 'total' IS NOT NULL
        """,
    ),
    View(
        "sides",
        "Points of each side.",
        (_YEAR, _MONTH, _SIDE, _COURT, ("points", "Points of the side.")),
        """
        SELECT year, month, side, content ->> 'code',
            (content -> 'score' -> 'halves' ->> side)::numeric
        FROM ({content}) AS told
        """,
    ),
    View(
        "items",
        "Points of each item; numbers are null where there are none, never 0.",
        (
            _YEAR,
            _MONTH,
            _SIDE,
            _COURT,
            ("item", "Code of the item."),
            ("status", "scored, decided, no_target, not_reported …, as in the API."),
            ("points", "Points."),
            ("max_points", "What the item can earn at most."),
            ("value", "The value as printed, in the unit."),
            ("exact", "The unrounded value, as p/q."),
            ("unit", "%, pp, days or points."),
            ("target", "The target, in the unit."),
        ),
        """
        SELECT year, month, side, content ->> 'code', item ->> 'item', item ->> 'status',
            (item ->> 'points')::numeric, (item ->> 'max_points')::numeric,
            (item ->> 'value')::numeric, item ->> 'exact', item ->> 'unit',
            (item ->> 'target')::numeric
        FROM ({content}) AS told
        CROSS JOIN LATERAL jsonb_array_elements(content -> 'score' -> 'items') AS item
        WHERE item ->> 'side' = side
        """,
    ),
    View(
        "figures",
        "The figures that the points come from; what was not reported has no row.",
        (
            _YEAR,
            _MONTH,
            _COURT,
            ("period", "current, baseline_month (same month a year before) or baseline_annual."),
            ("metric", "Code of the figure, as appeals_filed."),
            ("value", "The figure, year to date."),
        ),
        """
        SELECT DISTINCT year, month, content ->> 'code', period, figure.key,
            (figure.value #>> '{{}}')::numeric
        FROM ({content}) AS told
        CROSS JOIN LATERAL unnest(
            ARRAY['current', 'baseline_month', 'baseline_annual']) AS period
        CROSS JOIN LATERAL jsonb_each(content -> 'facts' -> period) AS figure
        """,
    ),
)


@transaction.atomic
def put_up_views(*, root: Court, readers: Collection[str]) -> None:
    """Make the views anew, for these roles of the database alone. `ReturnError` says why not.

    A role must be there, and may read nothing else of this database: otherwise nothing is changed.
    """
    _check_vendor()
    _take_down()
    quoted = [connection.ops.quote_name(reader) for reader in readers]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS %s", [_mark(cursor)])
        cursor.execute(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC")
        for view in VIEWS:
            cursor.execute(view.statement(root.pk))
            place = f"{SCHEMA}.{view.name}"
            cursor.execute(f"COMMENT ON VIEW {place} IS %s", [view.about])
            for name, about in view.columns:
                cursor.execute(f'COMMENT ON COLUMN {place}."{name}" IS %s', [about])
        for reader in readers:
            _check_role(cursor, reader)
        for name in quoted:
            cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {name}")
        for reader in readers:
            _check_reads_nothing_else(cursor, reader)


@transaction.atomic
def take_down_views() -> bool:
    """Remove the views, as before an upgrade that changes tables; whether there were any."""
    _check_vendor()
    return _take_down()


def _mark(cursor: Any) -> str:
    """By what the views are known as ours: those of another schema's tables are another's."""
    cursor.execute("SELECT current_schema()")
    (schema,) = cursor.fetchone()
    return MARK if schema == "public" else f"{MARK} {schema}"


def _check_vendor() -> None:
    if connection.vendor != "postgresql":
        raise ReturnError(_("视图只在PostgreSQL数据库上建立。"))


def _take_down() -> bool:
    """Drop the schema if it is ours; objects of others in it or on it are left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [SCHEMA],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        if row[0] != _mark(cursor):
            text = _("数据库里已有不是本系统建立的模式“%(schema)s”，没有改动。")
            raise ReturnError(text % {"schema": SCHEMA})
        try:
            with transaction.atomic():
                for view in reversed(VIEWS):
                    cursor.execute(f"DROP VIEW IF EXISTS {SCHEMA}.{view.name}")
                cursor.execute(f"DROP SCHEMA {SCHEMA}")
        except DatabaseError as error:
            text = _("别的对象还在使用这些视图，没有改动：%(reason)s")
            raise ReturnError(text % {"reason": str(error).strip()}) from error
    return True


def _check_role(cursor: Any, reader: str) -> None:
    """Refuse a role that is not there, or whose powers no grant limits."""
    cursor.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication FROM pg_roles"
        " WHERE rolname = %s",
        [reader],
    )
    row = cursor.fetchone()
    if row is None:
        raise ReturnError(_("数据库里没有角色“%(role)s”，请先建立。") % {"role": reader})
    if row[0]:
        text = _("角色“%(role)s”的权限太大（如超级用户），不能只读这些视图。")
        raise ReturnError(text % {"role": reader})


def _check_reads_nothing_else(cursor: Any, reader: str) -> None:
    """Refuse a role that reads or writes any other table, by whatever grant."""
    cursor.execute(
        """
        SELECT string_agg(n.nspname || '.' || c.relname, ', ' ORDER BY n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname <> %s
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND (has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE')
                OR has_table_privilege(%s, c.oid, 'DELETE, TRUNCATE'))
        """,
        [SCHEMA, reader, reader],
    )
    (found,) = cursor.fetchone()
    cursor.execute(
        "SELECT string_agg(g.rolname, ', ') FROM pg_roles r"
        " JOIN pg_auth_members m ON m.member = r.oid JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE r.rolname = %s",
        [reader],
    )
    (groups,) = cursor.fetchone()
    if found or groups:
        text = _("角色“%(role)s”还能使用别的：%(names)s。请先收回，没有改动。")
        raise ReturnError(
            text % {"role": reader, "names": ", ".join(filter(None, (found, groups)))}
        )
