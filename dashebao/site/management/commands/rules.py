"""`dashebao rules check`, `explain`, `list` and `parameters`: the law as data and formulas.

`explain` and `parameters` lay the changes approved in the database (decision 0013) over the files where an installation
answers, and say so; `check` of worked examples stays on the files unless it is asked for `--approved`.
"""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.rules.api import (
    REGISTER,
    STORE,
    Outcome,
    RulesError,
    check_examples,
    explain,
    parameters,
    read_examples,
    read_inputs_file,
)
from dashebao.site.commands import DIFFERENCES, Command, CommandError


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("%(text)s is not a date; write 2026-11-21.") % {"text": text}) from error


class Command(Command):  # type: ignore[no-redef]
    help = "Check worked examples against the rules, or explain one calculation line by line."

    def add_arguments(self, parser: Any) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        check = parts.add_parser("check", help=_("Run the worked examples of a file; exit 0 only if all pass."))
        check.add_argument("file", type=Path)
        check.add_argument("--only", default="", help=_("Only formulas with these prefixes, separated by commas."))
        check.add_argument("--approved", action="store_true", help=_("Count the changes approved in the installation."))
        self._common(check)
        one = parts.add_parser("explain", help=_("Run one formula and print every line with its law."))
        one.add_argument("formula")
        one.add_argument("--input", type=Path, required=True, help=_("YAML or JSON file with the inputs."))
        self._with_approved(one)
        self._common(parts.add_parser("list", help=_("List the formulas and their inputs.")))
        table = parts.add_parser("parameters", help=_("List the parameters in force."))
        table.add_argument("--prefix", default="")
        self._with_approved(table)

    def _with_approved(self, parser: Any) -> None:
        parser.add_argument(
            "--files-only", action="store_true", help=_("Only the files as shipped, without approved changes.")
        )
        self._common(parser)

    def _common(self, parser: Any) -> None:
        parser.add_argument("--on", type=_day, default=None, help=_("Day whose law applies (default: today)."))
        parser.add_argument("--region", default="", help=_("Region code, e.g. 440100; empty for the nation."))
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        autodiscover_modules("rules")
        language = get_language() or "zh-hans"
        try:
            getattr(self, f"_{what}")(options, language)
        except RulesError as error:
            raise CommandError(error.text(language)) from error

    def _check(self, options: dict[str, Any], language: str) -> None:
        examples, written = read_examples(_text(options["file"]))
        wanted = tuple(prefix.strip() for prefix in options["only"].split(",") if prefix.strip())
        if wanted:
            examples = [e for e in examples if str(e.get("formula", "")).startswith(wanted)]
        day = options["on"] or written or localdate()
        approved = _approved_changes() if options["approved"] else None
        if options["approved"] and approved is None:
            raise CommandError(_("No installation answers; start it, or check without --approved."))
        outcomes = list(check_examples(examples, on=day, region=options["region"]))
        failed = [outcome for outcome in outcomes if not outcome.passed]
        summary = {"checked": len(outcomes), "passed": len(outcomes) - len(failed), "failed": len(failed)}
        lines = [_outcome_text(outcome, language) for outcome in outcomes]
        lines.append(_("%(checked)s checked, %(passed)s passed, %(failed)s failed.") % summary)
        data = summary | {"on": day.isoformat(), "examples": [outcome.as_json(language) for outcome in outcomes]}
        if approved is not None:
            lines.append(_source(approved))
            data["approved_changes"] = approved
        self.show("\n".join(lines), data, options["as_json"])
        if failed or not outcomes:
            self.leave(DIFFERENCES)

    def _explain(self, options: dict[str, Any], language: str) -> None:
        day = options["on"] or localdate()
        inputs = read_inputs_file(_text(options["input"]))
        approved = None if options["files_only"] else _approved_changes()
        trace = explain(options["formula"], inputs, on=day, region=options["region"])
        data = {**trace.as_json(), "approved_changes": approved}
        self.show(f"{trace.as_text(language)}\n\n{_source(approved)}", data, options["as_json"])

    def _list(self, options: dict[str, Any], language: str) -> None:
        chinese = language.startswith("zh")
        rows = []
        for name in REGISTER.names():
            known = REGISTER.get(name)
            inputs = known.input_names()
            acts = [act.zh if chinese else act.en for act in known.law]
            rows.append({"name": name, "title": known.zh if chinese else known.en, "inputs": inputs, "law": acts})
        lines = []
        for row in rows:
            lines.append(f"{row['name']}  {row['title']}")
            lines.append("   " + ", ".join(name + ("" if needed else "?") for name, needed in row["inputs"].items()))
        self.show("\n".join(lines), rows, options["as_json"])

    def _parameters(self, options: dict[str, Any], language: str) -> None:
        approved = None if options["files_only"] else _approved_changes()
        law = parameters(options["region"], options["on"] or localdate())
        rows = [row.as_json() for row in law.listing() if row.name.startswith(options["prefix"])]
        lines = [
            f"{row['name']} = {row['value']} {row['unit']}  {row['since']}  "
            f"{'; '.join(row['reference'])} [{row['verified']}]"
            for row in rows
        ]
        lines += ["", _source(approved)]
        data = {"digest": law.digest, "approved_changes": approved, "parameters": rows}
        self.show("\n".join(lines), data, options["as_json"])


def _approved_changes() -> int | None:
    """Lay the changes approved in the installation over the files; how many, or None where no installation answers."""
    try:
        with acting(SYSTEM, why="the law as approved"):
            return len(STORE.amendments)
    except DatabaseError:
        return None


def _source(approved: int | None) -> str:
    """Which law was read, in one sentence."""
    if approved is None:
        return _("Law: the parameter files as shipped; changes approved in an installation are not counted.")
    text = ngettext(
        "Law: the parameter files and %(count)d value approved in this installation.",
        "Law: the parameter files and %(count)d values approved in this installation.",
        approved,
    )
    return text % {"count": approved}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("The file %(file)s cannot be read: %(why)s") % {"file": path, "why": error}) from error


def _outcome_text(outcome: Outcome, language: str) -> str:
    head = f"{outcome.id}  {outcome.formula}  {outcome.title}"
    if outcome.passed:
        return f"{_('pass')}  {head}"
    lines = [f"{_('FAIL')}  {head}"]
    if outcome.error:
        lines.append(f"      {outcome.error.text(language)}")
    for found in outcome.differences:
        detail = {"place": found.place, "expected": found.expected, "got": found.got}
        lines.append("      " + _("%(place)s: expected %(expected)s, got %(got)s") % detail)
    return "\n".join(lines)
