"""The walk of docs/api/walk.md is run as written, in one shell."""

import re
import shutil
import subprocess

import pytest

from tests.server import ROOT, Server

WALK = ROOT / "docs" / "api" / "walk.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: the walk with curl is left out")
def test_the_walk_leads_from_enquiry_to_review(server: Server) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", WALK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    script = "set -euo pipefail\n" + "\n".join(blocks)
    environment = {"BASE": server.base, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.split()
    assert said[-1] == "0", "the check found differences"
    assert "released" in said
    assert said.count("held") == 2
