"""Seconds that WeasyPrint needs for the pages of HTML on standard input, one JSON text a line; the first is not counted.

Run by benchmarks/statements.py with the Python of an environment that has benchmarks/peers.txt.
"""

import json
import sys
import time
from io import BytesIO

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

pages = [json.loads(line) for line in sys.stdin]
fonts = FontConfiguration()
HTML(string=pages[0]).write_pdf(BytesIO(), font_config=fonts)
start = time.process_time()
for page in pages[1:]:
    HTML(string=page).write_pdf(BytesIO(), font_config=fonts)
print((time.process_time() - start) / (len(pages) - 1))
