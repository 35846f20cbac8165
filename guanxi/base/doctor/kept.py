"""What keeps data safe over time: backup, proof, check, retention; file storage and paper, tried."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from guanxi import __version__
from guanxi.base import clock, milestones, paper
from guanxi.base.doctor.finding import Finding, good, judged
from guanxi.base.ids import new_id

DAY = timedelta(days=1)
PROBE = Path(__file__).with_name("probe.typ")
# name in milestones, what people call it, how old it may be, why, remedy
DATES = (
    ("backup", "last backup", 2 * DAY, "What came since would be lost with this disk.", "Run `guanxi backup` by a timer (docs/operate/backup.md)."),
    ("proof", "last proven restore", 35 * DAY, "An archive nobody ever restored is a hope.", "Run `guanxi restore --check FILE` on the newest archive."),
    ("check", "last check of the book", 2 * DAY, "A difference would go unnoticed.", "Run `guanxi check` every night (docs/operate/backup.md)."),
    ("retention", "last sweep of old data", 8 * DAY, "Personal data are kept longer than they are needed.", "Run `guanxi retention` by a timer."),
)


def dates() -> Iterable[Finding]:
    """When each was last done. A demo needs none of them."""
    for name, said, most, why, remedy in DATES:
        row = milestones.find(name)
        age = clock.now() - row.at if row else None
        what = "never" if age is None else told(age)
        yield judged(said, settings.DEMO or (age is not None and age <= most), what, why=why, remedy=remedy, otherwise="look")


def told(age: timedelta) -> str:
    """Hours up to two days, then days."""
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h ago" if hours < 48 else f"{hours / 24:.0f} days ago"


def found() -> Iterable[Finding]:
    """What the last proof and the last check said."""
    for name, said, remedy in (
        ("proof", "proof", "Read the report beside the archive; make a new backup and prove it."),
        ("check", "check", "Run `guanxi check`: each line names the deal. Do not change rows by hand (docs/operate/trouble.md)."),
    ):
        row = milestones.find(name)
        many = int(row.body.get("differences", 0)) if row else 0
        if row:
            yield judged(f"{said} found", many == 0, f"{many} differences", why="Log, rows and book do not agree.", remedy=remedy)


def storage() -> Iterable[Finding]:
    """A file is written, read back and deleted where uploads are kept."""
    name, words = f"doctor-{new_id().hex}.txt", "关系".encode()
    try:
        kept = default_storage.save(name, ContentFile(words))
        try:
            with default_storage.open(kept) as file:
                same = file.read() == words
        finally:
            default_storage.delete(kept)
    except Exception as error:  # storages raise what their libraries raise
        yield Finding("file storage", "bad", f"does not keep a file ({type(error).__name__})", "Uploads are refused.", "Look at its folder or its credentials.")
        return
    yield judged("file storage", same, "writes, reads, deletes" if same else "gives back something else", why="Uploads are damaged.",
                 remedy="Look at the storage itself.")  # fmt: skip


def papers() -> Iterable[Finding]:
    """A PDF with Chinese text, in memory."""
    try:
        made = paper.pdf(PROBE, {"words": "关系 人民币壹元整"}, at=clock.now())
        well = made.startswith(b"%PDF") and b"NotoSansCJK" in made
    except Exception as error:  # typst raises its own
        remedy = "Install the locked requirements again."
        yield Finding("papers", "bad", f"cannot be made ({type(error).__name__})", "Contracts and exports have no PDF.", remedy)
        return
    yield judged("papers", well, "with Chinese letters" if well else "without Chinese letters", why="Contracts would show empty boxes.",
                 remedy="Install the font package of requirements.txt.")  # fmt: skip


def version() -> Iterable[Finding]:
    """What runs; nobody is asked on the net whether there is something newer."""
    yield good("version of Guanxi", f"{__version__} (what is new: CHANGELOG.md of the next release; `guanxi upgrade` brings it)")
