"""A digital seal on a finished file: an invisible signature with the certificate of the house (PKCS#12)."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner

_FIELD = "Seal"


class NoSealing(Exception):
    """No seal can be set; `reason` is one of `not-installed`, `unreadable`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Seal(NamedTuple):
    """A key with its certificate, as the PKCS#12 file has it, and what opens that file."""

    pkcs12: bytes
    passphrase: str

    def __repr__(self) -> str:
        return "Seal(…)"


def require_seal(seal: Seal) -> None:
    """Find out before anything is drawn whether the seal can be set.

    Raises:
        NoSealing: the extra `sign` is not installed, or the file does not open with its passphrase.
    """
    _signer(seal)


def sealed(file: bytes, seal: Seal, password: str = "") -> bytes:
    """`file` with the seal as an addition behind it; what was drawn stays byte for byte.

    Args:
        password: What opens `file`, where it is encrypted.

    Raises:
        NoSealing: as `require_seal`.
    """
    signer = _signer(seal)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(file))
    if password:
        writer.encrypt(password)  # type: ignore[no-untyped-call]
    out = BytesIO()
    signer.sign_pdf(writer, output=out)
    return out.getvalue()


@lru_cache(maxsize=2)
def _signer(seal: Seal) -> "PdfSigner":
    try:
        from pyhanko.sign import signers
    except ImportError as error:
        raise NoSealing("not-installed") from error
    try:
        key = signers.SimpleSigner.load_pkcs12_data(
            seal.pkcs12, other_certs=[], passphrase=seal.passphrase.encode() or None
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise NoSealing("unreadable") from error
    if key.signing_cert is None:
        raise NoSealing("unreadable")
    return signers.PdfSigner(signers.PdfSignatureMetadata(field_name=_FIELD, md_algorithm="sha256"), signer=key)
