"""`python -m guanxi.talk.gateway`: a websocket process. Settings only; the models are not loaded."""

import logging
import os

from guanxi.base import process
from guanxi.base.doctor.safety import refuse_unsafe


def main() -> None:
    """Serve until SIGTERM."""
    process.speak_safely()
    process.end_with_threads()
    refuse_unsafe()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
    os.environ.setdefault("GUANXI_PROCESS", "gateway")
    logging.getLogger("picows").setLevel(logging.CRITICAL)
    from guanxi.talk.gateway.process import serve

    serve()


if __name__ == "__main__":
    main()
