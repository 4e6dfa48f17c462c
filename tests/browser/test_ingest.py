"""A researcher watches files being read: how far it is, what could not be read and why, without a reload."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from config.embedded import postgres
from tests.browser.copies import LAB
from tests.browser.inside import said_inside
from tests.browser.test_researcher import WIDTHS, keep_picture, problems_of, sign_in
from tests.running_platform import processes_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CORPUS = "watched"
PICTURES = 6
BROKEN = "reels/not a film.mp4"
SOON_MS = 120_000


def picture(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (320, 240), (8 * number % 256, 80, 160)).save(path)


def ingest(demo, files: Path) -> str:
    words = ("manage.py", "ingest", str(files), "--corpus", CORPUS, "--organisation", LAB)
    return said_inside(demo.folder, *words)


@pytest.fixture
def page(demo, context, tmp_path) -> Page:
    """The page of a corpus in which one picture is, and nothing else is on its way."""
    picture(tmp_path / "first" / "one.png", 0)
    ingest(demo, tmp_path / "first")
    opened = context.new_page()
    sign_in(opened, demo)
    opened.goto(f"{demo.url}/corpora/{CORPUS}")
    expect(opened.get_by_text("1 ready, 0 pending, 0 quarantined")).to_be_visible()
    expect(opened.locator("progress")).to_have_count(0)
    return opened


def workers_of(demo) -> list[int]:
    """Ids of the processes that read the files."""
    found = [(one, Path(f"/proc/{one}/cmdline").read_bytes()) for one in processes_of(demo.folder)]
    return [one for one, command in found if b"celery" in command and b"\0worker\0" in command]


@contextmanager
def standing_still(processes: list[int]) -> Iterator[None]:
    assert processes
    for one in processes:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            os.kill(one, signal.SIGCONT)


@contextmanager
def held_back(demo, path: str) -> Iterator[None]:
    """Nobody can say meanwhile what has become of this file."""
    query = (
        "SELECT e.id FROM ingest_ingestentry e JOIN ingest_corpus c ON c.id = e.corpus_id"
        " WHERE c.name = %s AND e.path = %s FOR UPDATE OF e"
    )
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        [_] = connection.execute(query, [CORPUS, path]).fetchall()
        yield


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the environment of a process")
def test_an_ingest_is_watched_from_its_first_file_to_its_last(demo, page, tmp_path):
    more = tmp_path / "more"
    for number in range(PICTURES):
        picture(more / "pictures" / f"{number}.png", number + 1)
    (more / BROKEN).parent.mkdir()
    (more / BROKEN).write_text("This is a letter, whatever it is called.")
    bar = page.get_by_role("progressbar", name="Reading files")
    listed = page.context.new_page()
    listed.goto(f"{demo.url}/corpora")
    card = listed.get_by_role("listitem").filter(has=listed.get_by_text(CORPUS, exact=True))
    expect(card.get_by_text("1 file ready")).to_be_visible()
    total = 1 + PICTURES + 1
    with ThreadPoolExecutor(1) as pool, ExitStack() as last:
        with standing_still(workers_of(demo)):
            ingested = pool.submit(ingest, demo, more)
            expect(page.get_by_text(f"1 of {total} files")).to_be_visible(timeout=SOON_MS)
            expect(bar).to_have_js_property("value", 1)
            expect(card.get_by_text(f"1 of {total} files")).to_be_visible(timeout=SOON_MS)
            last.enter_context(held_back(demo, BROKEN))
        # All but one of them, however quick the workers are.
        expect(page.get_by_text(f"{total - 1} of {total} files")).to_be_visible(timeout=SOON_MS)
        expect(bar).to_have_js_property("value", total - 1)
        expect(page.locator("ul.items > li")).to_have_count(PICTURES + 1)
        keep_picture(page, "ingest-under-way")
        expect(page.get_by_text("Quarantined files")).to_have_count(0)
        last.close()
        expect(page.get_by_text(f"{PICTURES + 1} ready, 0 pending, 1 quarantined")).to_be_visible(
            timeout=SOON_MS
        )
        expect(bar).to_have_count(0)
        expect(card.get_by_text(f"{PICTURES + 1} files ready")).to_be_visible(timeout=SOON_MS)
        ingested.result()

    thumbnail = page.locator("ul.items > li").last.locator("img")
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("complete", value=True)
    assert thumbnail.evaluate("({ naturalWidth }) => naturalWidth > 0")

    [entry] = demo.get(f"corpora/{CORPUS}/entries/?state=quarantined")["results"]
    row = page.get_by_role("table", name="1 file").get_by_role("row").last
    assert entry["path"] == BROKEN
    for told in (BROKEN, entry["code"], entry["reason"]):
        assert told
        expect(row).to_contain_text(told)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert problems_of(page, "ingest-done") == []
