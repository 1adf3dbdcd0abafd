"""Statements under passwords and under the seal of the house, from the terminal."""

import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from tests.integration.cli_june import JUNE

STAFF = "000201"
SECRET = "护士长-7391"
PASSPHRASE = "seal-word"


@cache
def house():
    """A certificate that the house made for itself: PKCS#12, and the certificate alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "样例县中医院")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(True, True, *[False] * 3, True, *[False] * 3), critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    return serialize_key_and_certificates(b"seal", key, certificate, None, lock), certificate


@pytest.fixture
def guarded(published):
    published.write({"pw.csv": f"staff_no,password\n{STAFF},{SECRET}\n000202,another-one\n"})
    (published.folder / "seal.p12").write_bytes(house()[0])
    return published


def signature_of(path, password=""):
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding

    reader = PdfFileReader(BytesIO(path.read_bytes()))
    if password:
        reader.decrypt(password)
    (signature,) = reader.embedded_signatures
    root = Certificate.load(house()[1].public_bytes(Encoding.DER))
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))


def test_a_file_under_a_password_opens_with_it_alone_and_is_as_drawn(guarded):
    said = guarded("statement", STAFF, "-o", "x.pdf", "--run", JUNE, "--passwords", "pw.csv")
    assert said.exit == 0
    reader = PdfReader(guarded.folder / "x.pdf")
    assert reader.is_encrypted
    assert not reader.decrypt("")
    assert not reader.decrypt("护士长-7392")
    assert reader.decrypt(SECRET)
    assert reader.trailer["/Encrypt"]["/R"] == 6
    assert reader.trailer["/Encrypt"]["/CF"]["/StdCF"]["/CFM"] == "/AESV3"
    assert SECRET not in said.out + said.err
    assert guarded("verify-statement", "--file", "x.pdf").exit == 3
    found = guarded("verify-statement", "--file", "x.pdf", PERF_PDF_PASSWORD=SECRET)
    assert found.exit == 0, found
    assert SECRET not in found.out + found.err


def test_who_has_no_password_gets_no_file_and_is_named(guarded):
    said = guarded("statements", "--all", "--workers", "1", "-o", "st", "--passwords", "pw.csv", "--json")
    assert said.exit == 1
    assert said.json["written"] == 2
    made = sorted((guarded.folder / "st").rglob("*.pdf"))
    assert [path.stem for path in made] == [STAFF, "000202"]
    assert all(PdfReader(path).is_encrypted for path in made)
    assert STAFF not in said.json["without_password"]
    assert said.json["without_password"][0] in said.err
    assert guarded("statement", "000299", "-o", "x.pdf", "--passwords", "pw.csv").exit == 4
    assert guarded("statements", "--all", "--as", "merged", "-o", "st", "--passwords", "pw.csv").exit == 2


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (f"{STAFF},{SECRET}\n", "passwords-header"),
        (f"staff_no,password\n{STAFF},{SECRET}\n{STAFF},{SECRET}\n", "password-twice"),
        (f"staff_no,password\n{STAFF},short\n", "password-unfit"),
        (f"staff_no,password\n{STAFF},{'密' * 43}\n", "password-unfit"),
    ],
)
def test_flaws_of_the_password_file_are_told_without_any_password(published, rows, code):
    published.write({"pw.csv": rows})
    for more in ((), ("--json",)):
        said = published("statements", "--all", "-o", "st", "--passwords", "pw.csv", *more)
        assert said.exit == 3
        assert not any(secret in said.out + said.err for secret in (SECRET, "short", "密密"))
    assert code in said.codes()
    assert not published.exists("st")


def test_a_sealed_file_validates_and_a_changed_byte_breaks_it(guarded):
    said = guarded(
        "statement", STAFF, "-o", "x.pdf", "--run", JUNE, "--seal", "seal.p12", PERF_SEAL_PASSWORD=PASSPHRASE
    )
    assert said.exit == 0, said
    path = guarded.folder / "x.pdf"
    status = signature_of(path)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    found = guarded("verify-statement", "--file", "x.pdf")
    assert found.exit == 0, found
    assert guarded("statement", STAFF, "-o", "plain.pdf", "--run", JUNE).exit == 0
    plain = (guarded.folder / "plain.pdf").read_bytes()
    content = path.read_bytes()
    assert content.startswith(plain)
    path.write_bytes(content.replace(b"/Lang (zh-CN)", b"/Lang (en-US)", 1))
    assert content != path.read_bytes()
    assert not signature_of(path).intact


def test_a_file_may_be_under_both(guarded):
    options = ("--passwords", "pw.csv", "--seal", "seal.p12")
    said = guarded("statement", STAFF, "-o", "x.pdf", "--run", JUNE, *options, PERF_SEAL_PASSWORD=PASSPHRASE)
    assert said.exit == 0, said
    status = signature_of(guarded.folder / "x.pdf", SECRET)
    assert (status.intact, status.valid) == (True, True)
    assert guarded("verify-statement", "--file", "x.pdf", PERF_PDF_PASSWORD=SECRET).exit == 0


def test_a_key_that_does_not_open_is_refused_before_anything_is_written(guarded):
    published = guarded
    published.write({"no.p12": "nothing"})
    for file, passphrase in (("seal.p12", "wrong"), ("no.p12", PASSPHRASE)):
        said = published("statements", "--all", "-o", "st", "--seal", file, PERF_SEAL_PASSWORD=passphrase)
        assert said.exit == 3
        assert "PERF_SEAL_PASSWORD" in said.err
        assert "wrong" not in said.err
    assert not published.exists("st")


def test_without_the_extra_it_is_said_what_to_install(guarded, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    said = guarded("statements", "--all", "-o", "st", "--seal", "seal.p12", PERF_SEAL_PASSWORD="another")
    assert said.exit == 4
    assert "perf-pay[sign]" in said.err
