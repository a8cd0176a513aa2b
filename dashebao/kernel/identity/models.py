"""Users, offices, granted roles and delegations."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope


class Office(Record):
    """An agency's office at province, city or county level; `region_code` is the area it serves."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    level = models.CharField(
        max_length=10,
        choices=[("province", pgettext_lazy("level", "Province")), ("city", _("City")), ("county", _("County"))],
    )
    region_code = models.CharField(max_length=6)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users with hashed passwords; there are no superusers."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Record):  # type: ignore[misc]
    """Somebody who can sign in: an officer, a citizen or a unit's operator."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC  # sign-in reads it before anybody acts; no face lists users to the public
    personal: ClassVar[dict[str, Mark]] = {
        "username": Mark.IDENTITY,
        "name": Mark.NAME,
        "person_id": Mark.IDENTITY,
        "password": Mark.SECRET,
        "totp_secret": Mark.SECRET,
    }
    rights: ClassVar[str] = "write"

    username = models.CharField(max_length=60, unique=True)
    kind = models.CharField(
        max_length=10, choices=[("officer", _("Officer")), ("citizen", _("Citizen")), ("operator", _("Unit operator"))]
    )
    name = models.CharField(max_length=80)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    person_id = models.BigIntegerField(
        null=True, blank=True, db_index=True
    )  # of the registry; an officer may have one too
    unit_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_last_step = models.BigIntegerField(default=0)  # a code works once
    failures = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    window = models.CharField(max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False)  # set by an administrator, who knows it
    left_on = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "kind"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_user_belongs",
                condition=models.Q(kind="officer", office__isnull=False)
                | models.Q(kind="citizen", person_id__isnull=False)
                | models.Q(kind="operator", unit_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        """Hash and keep a password; whoever chose it himself need not change it."""
        super().set_password(raw_password)
        self.must_change_password = False


class Grant(Record):
    """A role an officer holds for a time; the database refuses roles of two families that exclude each other."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    family = models.CharField(max_length=12)
    valid_during = DateRangeField()
    granted_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="identity_grant_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="identity_families_exclude",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("family", RangeOperators.NOT_EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Delegation(Record):
    """One officer's role handed to another for a time (leave, absence); it carries no more than the giver has."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    giver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="given")
    taker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="taken")
    role = models.CharField(max_length=40)
    valid_during = DateRangeField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(name="identity_delegation_other", condition=~models.Q(giver=models.F("taker")))
        ]


class SignedIn(Record):
    """One open session of a user, for the limit on sessions and the list of sign-ins."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {"session_key": Mark.SECRET}

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
