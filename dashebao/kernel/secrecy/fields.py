"""Columns of sealed values: models read and write plain text, the database holds only what is sealed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.expressions import Col
from django.db.models.functions import Left
from django.db.models.lookups import Exact, In

from dashebao.kernel.secrecy.values import (
    DIGEST_LENGTH,
    SEALED,
    CannotOpen,
    Family,
    Sealed,
    digest,
    digests,
    open_,
    seal,
)

LONG_NUMBER = re.compile(r"[0-9][0-9 ]{6,}[0-9Xx]")  # accounts, identity numbers, telephones
LETTERS = {"unit_id": "u", "case_id": "c", "partner_id": "o"}  # what begins the holder's name; a person's begins with p
NOBODY = "x"  # the holder of what stands in a form


def holder_of(row: models.Model, columns: Sequence[str]) -> str:
    """How the holder of a row's sealed values is named: the first of the columns that is filled, `x` where none is."""
    for column in columns:
        if key := getattr(row, column, None):
            return f"{LETTERS.get(column, 'p')}{key}"
    return NOBODY


def holder_sql(columns: Sequence[str]) -> str:
    """The same in SQL, over the columns of a row."""
    names = [f"'{LETTERS.get(name, 'p')}' || nullif({name}, 0)" for name in columns]
    return f"coalesce({', '.join(names)})"


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text sealed for the person or unit that the row names in the first filled of `holders`.

    Only equality and emptiness can be asked for, equality only where `searched` names the column of digests beside it. Without
    `holders` a row takes its value from another row in SQL.
    """

    def __init__(
        self, *args: Any, family: str = Family.ACCOUNT, holders: Sequence[str] = (), searched: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.family, self.holders, self.searched = Family(family), tuple(holders), searched

    def deconstruct(self) -> Any:
        """What a migration writes down."""
        name, path, args, options = super().deconstruct()
        own = {"family": self.family.value, "holders": self.holders}
        return name, path, args, {**options, **own, **({"searched": self.searched} if self.searched else {})}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal the text of a row that is being written."""
        value = getattr(model_instance, self.attname)
        if not isinstance(value, str) or isinstance(value, Sealed) or (value and not self.holders):
            return value
        return seal(self.family, holder_of(model_instance, self.holders), value)

    def get_prep_value(self, value: Any) -> Any:
        """A sealed value or an empty one; anything else has lost its row and cannot be sealed."""
        if isinstance(value, str) and value and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: save the row, or seal the value for its holder first")
        return super().get_prep_value(value)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """The plain text of what the database holds."""
        return open_(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing but equality can be asked of a sealed value."""
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull") else None


def digest_column(sealed: str) -> models.GeneratedField:
    """The column beside a sealed one by which it is searched: its digest, which an index holds.

    `left(sealed, 23)` itself would not do: it is not leakproof, so under a policy every row would be read.
    """
    return models.GeneratedField(
        expression=Left(sealed, DIGEST_LENGTH),
        output_field=models.CharField(max_length=DIGEST_LENGTH),
        db_persist=True,
    )


def _digests_of(lookup: Any, compiler: Any) -> str:
    """The column with the digests of what a lookup compares."""
    field = lookup.lhs.output_field
    if not field.searched:
        raise FieldError(f"{field.name} is sealed and has no digest beside it: it cannot be searched")
    column, _values = compiler.compile(Col(lookup.lhs.alias, field.model._meta.get_field(field.searched)))
    return str(column)


@SealedField.register_lookup
class SameValue(Exact):  # type: ignore[type-arg]
    """`column = text` by the digest; an empty text is compared as it is."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition in SQL."""
        if self.rhs == "":
            left, values = compiler.compile(self.lhs)
            return f"{left} = ''", tuple(values)
        return f"{_digests_of(self, compiler)} = %s", (digest(self.lhs.output_field.family, self.rhs),)


@SealedField.register_lookup
class OneOfValues(In):  # type: ignore[type-arg]
    """`column in (texts)` by their digests."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition in SQL."""
        wanted = digests(self.lhs.output_field.family, self.rhs)
        return f"{_digests_of(self, compiler)} = any(%s)", (wanted,)


class SealedJSONField(models.JSONField):  # type: ignore[type-arg]
    """JSON in which every text that is a long number is sealed; reading opens whatever is sealed in it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal the long numbers of a row that is being written."""
        return sealed_json(super().pre_save(model_instance, add))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """The plain value of what the database holds."""
        return opened_json(super().from_db_value(value, expression, connection))


def sealed_json(value: Any) -> Any:
    """A JSON value in which every text that is a long number is sealed, and any that only looks sealed."""

    def sealed(text: str) -> str:
        return seal(Family.ANSWER, NOBODY, text) if LONG_NUMBER.fullmatch(text) or SEALED.search(text) else text

    return _with_texts(value, sealed)


def digested_json(value: Any) -> Any:
    """A JSON value in which every text that is a long number is its digest: to be digested as a whole.

    A plain digest over a form of which all but one number is known would tell that number to whoever tries them out.
    """

    def digested(text: str) -> str:
        return digest(Family.ANSWER, text) if LONG_NUMBER.fullmatch(text) else text

    return _with_texts(value, digested)


def opened_json(value: Any) -> Any:
    """A JSON value in which everything sealed is opened; what somebody typed to look so stays as it is."""

    def opened(text: str) -> str:
        if SEALED.fullmatch(text):
            with contextlib.suppress(CannotOpen):
                return open_(text)
        return text

    return _with_texts(value, opened)


def _with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it changed; the names of its members stay."""
    if isinstance(value, dict):
        return {name: _with_texts(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_texts(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def sealed_check(name: str, column: str, holders: Sequence[str]) -> models.CheckConstraint:
    """The database takes nothing plain in this column, and nothing that is sealed for another than the row's holder."""
    condition = (
        f"({column} = '' or (starts_with({column}, '~') and split_part({column}, '.', 2) = {holder_sql(holders)}))"
    )
    return models.CheckConstraint(
        condition=models.Func(template=condition, output_field=models.BooleanField()), name=name
    )
