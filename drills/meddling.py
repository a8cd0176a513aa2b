"""The partners with a hostile post office: files come late, out of order, twice, cut, altered; `--fen` changes one amount."""

import re
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from demonstration.partners import mailbox
from demonstration.partners.__main__ import main
from demonstration.partners.mailbox import Answer, Mailbox, write_atomically

AMOUNT = re.compile(rb'"principal_fen": ?([1-9][0-9]*)')
send_as_usual = Mailbox.send
chance = Random(0)


def put_badly(self: Mailbox) -> int:
    """Put out a random part of what waits in any order; each file also doubled, cut off and with one letter changed."""
    waiting = self.db.execute("select seq, id, token from mail_out where sent_at is null").fetchall()
    chance.shuffle(waiting)
    for seq, identity, token in waiting[: len(waiting) // 2 + 1]:
        name = f"{chance.randrange(10**6):012d}-{identity}"
        at = chance.randrange(len(token))
        altered = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for mark, content in (("cut", token[: len(token) // 2]), ("altered", altered), ("", token), ("again", token)):
            write_atomically(self.outgoing / f"{name}{mark}.jws", content.encode())
        self.db.execute("update mail_out set sent_at = ? where seq = ?", (time.time(), seq))
    for token, identity in self.db.execute(
        "select token, id from mail_out where receipt is not null order by random() limit 1"
    ):
        write_atomically(self.outgoing / f"{chance.randrange(10**6):012d}-{identity}old.jws", token.encode())
    return len(waiting)


def send_one_fen_more(self: Mailbox, answer: Answer) -> None:
    """Change the first amount of a tax file before it is signed."""
    file: Any = answer.file
    if answer.kind == "T04" and file:
        file = AMOUNT.sub(lambda found: b'"principal_fen": %d' % (int(found[1]) + 1), file, count=1)
    send_as_usual(self, Answer(answer.kind, answer.key, answer.data, answer.answers, file, answer.name))


if __name__ == "__main__":
    Mailbox._put_messages = put_badly
    if "--fen" in sys.argv:
        Mailbox.send = send_one_fen_more
    mailbox.RESEND_AFTER_SECONDS = 2
    chance.seed(int(sys.argv[2]))
    sys.exit(main([str(Path(sys.argv[1]))]))
