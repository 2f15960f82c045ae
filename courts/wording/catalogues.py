"""Owns the catalogues of translations: what they must hold, whether they do, compiling them.

Messages are Chinese, so Korean and English each have a catalogue and Chinese needs none. A
catalogue may also supply what a foreign package leaves untranslated: such entries carry the
translator's comment `foreign: package`, and for them alone a Chinese catalogue exists too.
Never translates anything, and needs no gettext on the machine.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "zh-hans"
FOREIGN_MARK = "foreign:"
# The rules Django's own catalogues use: with others it would keep two catalogues a language.
PLURAL_RULES = {
    "en": "nplurals=2; plural=(n != 1);",
    "ko": "nplurals=1; plural=0;",
    "zh_Hans": "nplurals=1; plural=0;",
}
PLURAL_FORMS = {"en": 2, "ko": 1, "zh_Hans": 1}

# Where the arguments of each function stand: context, message, plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
SHORTHAND = "_"
# An object that keeps its message in this attribute took it from where it was marked.
MARKED_ELSEWHERE = "template"

STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(?P<function>n?p?gettext|_)\(\s*(?P<strings>{STRING}(?:\s*,\s*{STRING})*)",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sdif]|%%|\{[^{}\s]*\}")


@dataclass(frozen=True, order=True)
class Message:
    """A text to translate; context and plural are empty where it has none."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by: the plural is no part of that."""
        return self.context, self.text


class UntranslatableError(Exception):
    """A call no catalogue can serve, for its text is known at run time only."""


# --- What the sources hold -------------------------------------------------------------------


def messages_of_python(source: str, origin: str) -> Iterator[Message]:
    """Yield the messages of one module's text."""
    tree = ast.parse(source, origin)
    functions = _imported_functions(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            function = functions.get(node.func.id)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
            function = node.func.attr
        else:
            function = None
        if function is not None:
            yield from _message_of_call(node, function, origin)


def messages_of_template(source: str, origin: str) -> Iterator[Message]:
    """Yield the messages of one template's text."""
    for match in TEMPLATE_CALL.finditer(templatize(source, origin)):
        function = "gettext" if match["function"] == SHORTHAND else match["function"]
        strings = [ast.literal_eval(part) for part in re.findall(STRING, match["strings"])]
        yield _message(function, strings)


def messages_of_tree(base: Path, packages: Iterable[str], templates: str) -> set[Message]:
    """Return the messages of all modules and templates below a folder."""
    found: set[Message] = set()
    for package in packages:
        for path in sorted((base / package).rglob("*.py")):
            found.update(messages_of_python(path.read_text("utf-8"), str(path)))
    for path in sorted((base / templates).rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found.update(messages_of_template(path.read_text("utf-8"), str(path)))
    return found


def _imported_functions(tree: ast.Module) -> dict[str, str]:
    """Map the module's own names of the translating functions to Django's.

    A package that knows no Django may mark its messages by a `gettext_noop` of its own.
    """
    own = {
        node.name: node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "gettext_noop"
    }
    return own | {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }


def _message_of_call(node: ast.Call, function: str, origin: str) -> Iterator[Message]:
    if [getattr(argument, "attr", "") for argument in node.args] == [MARKED_ELSEWHERE]:
        return
    needed = 1 + max(place for place in FUNCTIONS[function] if place is not None)
    strings = [
        argument.value
        for argument in node.args[:needed]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if len(strings) < needed:
        raise UntranslatableError(f"{origin}:{node.lineno}: {function}() wants plain texts")
    yield _message(function, strings)


def _message(function: str, strings: list[str]) -> Message:
    context, text, plural = (
        "" if place is None else strings[place] for place in FUNCTIONS[function]
    )
    return Message(text=text, context=context, plural=plural)


# --- What the catalogues hold ----------------------------------------------------------------


def catalogue_path(locale_folder: Path, language: str) -> Path:
    """Return where the catalogue of a language code such as `zh-hans` lies."""
    return locale_folder / to_locale(language) / "LC_MESSAGES" / "django.po"


def faults(path: Path, messages: Iterable[Message]) -> list[str]:
    """Return everything wrong with a catalogue that must hold exactly these messages."""
    if not path.exists():
        return [f"{path}: there is no such catalogue"]
    wanted = {message.key: message for message in messages}
    entries = {_key(entry): entry for entry in polib.pofile(str(path))}
    found = [
        f"{path}: missing: {message.text!r}"
        for key, message in sorted(wanted.items())
        if key not in entries
    ]
    for key, entry in entries.items():
        if entry.obsolete or (key not in wanted and not _is_foreign(entry)):
            found.append(f"{path}: obsolete: {entry.msgid!r}")
        elif key in wanted and entry.msgid_plural != wanted[key].plural:
            found.append(f"{path}: other plural: {entry.msgid!r}")
        elif entry.fuzzy:
            found.append(f"{path}: fuzzy: {entry.msgid!r}")
        elif not _is_translated(entry, path.parent.parent.name):
            found.append(f"{path}: untranslated: {entry.msgid!r}")
        elif not _same_placeholders(entry):
            found.append(f"{path}: other placeholders: {entry.msgid!r}")
    return found


def update(path: Path, messages: Iterable[Message]) -> tuple[int, int]:
    """Add the missing messages, untranslated, and drop the obsolete; return both numbers."""
    wanted = {message.key: message for message in messages}
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    kept = {_key(entry): entry for entry in old if _stays(entry, wanted)}
    locale = path.parent.parent.name
    added = [_entry(message, locale) for key, message in wanted.items() if key not in kept]

    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": locale,
        "Plural-Forms": PLURAL_RULES[locale],
    }
    # Sorted, so that two people adding messages rarely touch the same line.
    new.extend(sorted([*kept.values(), *added], key=lambda entry: (entry.msgid, _key(entry))))
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path), newline="\n")
    return len(added), len(old) - len(kept)


def compile_all(locale_folder: Path) -> list[Path]:
    """Compile the catalogues that changed since they last were; return what was written."""
    written = []
    for source in sorted(locale_folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime > source.stat().st_mtime:
            continue
        # Another process may be reading or compiling the same catalogue.
        partial = compiled.with_suffix(f".{os.getpid()}.part")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(compiled)
        written.append(compiled)
    return written


def _entry(message: Message, locale: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = dict.fromkeys(range(PLURAL_FORMS[locale]), "")
    return entry


def _stays(entry: polib.POEntry, wanted: Mapping[tuple[str, str], Message]) -> bool:
    if entry.obsolete:
        return False
    if _is_foreign(entry):
        return True
    message = wanted.get(_key(entry))
    return message is not None and message.plural == entry.msgid_plural


def _is_translated(entry: polib.POEntry, locale: str) -> bool:
    forms = len(entry.msgstr_plural) == PLURAL_FORMS[locale] if entry.msgid_plural else True
    return forms and entry.translated()


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _is_foreign(entry: polib.POEntry) -> bool:
    return entry.tcomment.startswith(FOREIGN_MARK)


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _same_placeholders(entry: polib.POEntry) -> bool:
    if not entry.msgid_plural:
        return _placeholders(entry.msgstr) == _placeholders(entry.msgid)
    *others, last = [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    wanted = _placeholders(entry.msgid_plural)
    # “One case” may do without the number; the form for many may not.
    return _placeholders(last) == wanted and all(
        set(_placeholders(other)) <= set(wanted) for other in others
    )
