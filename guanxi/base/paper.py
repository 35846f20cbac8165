"""Papers as PDF: a typst template beside the code that owns it, and its data. What people wrote is data and never markup (quality.md A28)."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FONTS = [Path(str(find_spec("noto_cjk_sans_otc").origin)).parent]  # type: ignore[union-attr]


def pdf(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The paper; the template reads `json(bytes(sys.inputs.data))`. `at` is the time in the file, so that the same data give the same bytes."""
    return typst.compile(
        template, format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=int(at.timestamp()),
        font_paths=FONTS, ignore_system_fonts=True,
    )  # fmt: skip
