"""QR codes of our own against another encoder, square by square."""

import pytest
import segno
from segno import encoder

from perf.pdf.qr import BYTES_MAX, qr_modules

SIGNS = "PERF-PAY G1:2025-06#2 ABCD 数据 "


@pytest.fixture
def _standard_padding(monkeypatch):
    """segno adds a byte of zeros where the data end on a byte already; the standard does not."""
    monkeypatch.setattr(encoder, "write_padding_bits", lambda buff, _version, length: buff.extend([0] * (-length % 8)))


def of_segno(text: str) -> tuple[bytes, ...]:
    made = segno.make(text, error="m", mask=3, boost_error=False, micro=False, mode="byte", encoding="utf-8")
    return tuple(bytes(row) for row in made.matrix)


def of_length(count: int) -> str:
    """A text of so many bytes."""
    raw = (SIGNS * 12).encode()[:count]
    text = raw.decode(errors="ignore")
    return text + "x" * (count - len(text.encode()))


@pytest.mark.usefixtures("_standard_padding")
@pytest.mark.parametrize("count", [1, 2, 13, 14, 15, 26, 27, *range(36, 48), 62, 63, 84, 106, 107, 122, 152, 153, 180])
def test_every_square_is_that_of_another_encoder(count):
    text = of_length(count)
    assert len(text.encode()) == count
    assert qr_modules(text) == of_segno(text)


@pytest.mark.parametrize("count", [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362])
def test_full_codes_of_every_version_are_those_of_another_encoder(count):
    text = of_length(count)
    modules = qr_modules(text)
    assert modules == of_segno(text)
    assert len(modules) == len(modules[0]) < len(qr_modules(of_length(min(count + 1, BYTES_MAX)))) or count == BYTES_MAX


def test_another_text_is_another_code():
    assert qr_modules("PERF-PAY 2025-06#2 ABCD") != qr_modules("PERF-PAY 2025-06#2 ABCE")


def test_a_text_that_fits_no_code_of_ours_is_refused():
    with pytest.raises(ValueError, match="363 bytes"):
        qr_modules(of_length(363))
