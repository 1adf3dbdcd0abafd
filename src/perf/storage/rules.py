"""Rule files by content: the same text is kept once, under its digest."""

from collections.abc import Iterable

import sqlalchemy as sa

from perf.storage.canonical import sha256_text
from perf.storage.tables import RULE_TEXT
from perf.storage.viewer import Viewer

_KEEP = sa.text("insert into rule_text (digest, content) values (:digest, :content) on conflict (digest) do nothing")


def keep_rules(connection: sa.Connection, viewer: Viewer, texts: Iterable[str]) -> None:
    """Keep each text that is not kept yet, under `sha256_text` of it. Rules are nobody's figures: no scope."""
    del viewer
    wanted = {sha256_text(text): text for text in texts}
    for digest in sorted(wanted):  # in one order, so that two who keep the same texts wait, and do not lock
        connection.execute(_KEEP, {"digest": digest, "content": wanted[digest]})


def rule_texts(connection: sa.Connection, viewer: Viewer, digests: Iterable[str]) -> dict[str, str]:
    """Digest -> text, as far as they are kept."""
    del viewer
    query = sa.select(RULE_TEXT.c.digest, RULE_TEXT.c.content).where(RULE_TEXT.c.digest.in_(sorted(set(digests))))
    return dict(connection.execute(query).all())
