#!/bin/sh
# Brings the vendored style sheet and its licence into src/perf/web/static/vendor with the ordinary npm client.
set -eu
version=1.6.1
here="$(cd "$(dirname "$0")/.." && pwd)/src/perf/web/static/vendor"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
tar xzf "$(npm pack -s "@tabler/core@$version")"
mkdir -p "$here"
# The map file is not shipped, so its mention goes too: a browser would ask for it.
sed 's|/\*# sourceMappingURL=.*\*/||' package/dist/css/tabler.min.css > "$here/tabler.min.css"
cat > "$here/LICENSE-tabler.txt" <<'END'
MIT License

Copyright (c) 2018-2026 The Tabler Authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
END
{
  echo "tabler.min.css: @tabler/core $version (npm), MIT; made by scripts/refresh_vendor.sh"
  printf 'sha256 '
  sha256sum "$here/tabler.min.css" | cut -d' ' -f1
} > "$here/VERSIONS.txt"
