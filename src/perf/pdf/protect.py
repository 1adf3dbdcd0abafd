"""A finished file made unreadable without a password (AES-256)."""

import secrets
from io import BytesIO

_OWNER_BYTES = 24


def encrypted(file: bytes, password: str) -> bytes:
    """`file` under AES-256 (PDF 2.0, revision 6); everything in it, its title too, needs the password.

    Args:
        password: What opens it. The owner's password is drawn at random and forgotten, so nobody has a second key.
    Returns:
        The file; no two are alike, since AES starts from random bytes. Whoever opens it may do
        with it what he likes: forbidding is but a request to the reader.
    """
    from pypdf import PdfReader, PdfWriter

    pdf = PdfWriter(clone_from=PdfReader(BytesIO(file)))
    pdf.encrypt(password, secrets.token_urlsafe(_OWNER_BYTES), algorithm="AES-256")
    out = BytesIO()
    pdf.write(out)
    return out.getvalue()
