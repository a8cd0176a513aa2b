"""The check of a paper by anybody: by its code, or by the file itself; tries are counted per address."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.identity_centre.api import Examined, examined
from dashebao.platform.service_centre.papers.errors import PaperError, TooManyTries
from dashebao.platform.service_centre.papers.models import IssuedPaper
from dashebao.platform.service_centre.papers.queries import paper_by_digest

LARGEST = 5 * 1024 * 1024
CHECKS_A_MINUTE = 30
COUNT = """
insert into papers_checkcount as c (address, minute, checks) values (%s, date_trunc('minute', now()), 1)
on conflict (address) do update set
  checks = case when c.minute = excluded.minute then c.checks + 1 else 1 end, minute = excluded.minute
returning checks
"""


@dataclass(frozen=True)
class FileCheck:
    """What a file handed in turned out to be: one of ours byte for byte (`paper`), and what its seal says."""

    paper: IssuedPaper | None
    seal: Examined

    @property
    def verdict(self) -> str:
        """ "genuine", "sealed" (ours, but not in this register), "changed" or "foreign"."""
        if self.paper is not None:
            return "genuine"
        if self.seal.good:
            return "sealed"
        return "changed" if self.seal.sealed and self.seal.name and not self.seal.intact else "foreign"


def count_try(request: HttpRequest) -> None:
    """Count a check from the caller's address over all processes; raises TooManyTries beyond the limit."""
    address = hmac.new(settings.CONTEXT_KEY, _address(request).encode(), hashlib.sha256).hexdigest()
    with acting(SYSTEM, "count a check"), connection.cursor() as cursor:
        cursor.execute(COUNT, [address])
        checks = int(cursor.fetchone()[0])
    if checks > CHECKS_A_MINUTE:
        raise TooManyTries


def _address(request: HttpRequest) -> str:
    """The caller's address; behind the front server, which is there exactly with HTTPS, the one it adds."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def check_file(file: UploadedFile | None) -> FileCheck:
    """Compare a file with the register and examine its seal; raises PaperError if it is no PDF of sensible size."""
    if file is None:
        raise PaperError(_("Choose the PDF file you were given."))
    if (file.size or 0) > LARGEST:
        raise PaperError(_("The file is larger than 5 MB; papers of this office are smaller."))
    content = file.read()
    if not content.startswith(b"%PDF-"):
        raise PaperError(_("This is not a PDF file. Choose the file as you received it, not a photograph of it."))
    paper = paper_by_digest(hashlib.sha256(content).hexdigest())
    return FileCheck(paper, examined(content))
