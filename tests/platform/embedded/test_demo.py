"""`make demo-check` and `make run` as people use them, and what the demo takes for a failure."""

import os
import signal
import sys

import httpx
import pytest

from config.demo import checks
from config.demo.plan import BROKEN, KINDS, RATERS_PER_STUDY, STUDIES, DemoError
from config.embedded.__main__ import _main_job
from config.embedded.environment import Address
from config.embedded.services import Running
from config.embedded.supervisor import Supervisor
from tests.running_platform import begun, processes_of, run_to_end, url_when_ready

slow = pytest.mark.timeout(600)


@slow
def test_a_step_that_fails_is_named_with_its_reason(checked_demo):
    said = checked_demo.failed.said
    assert checked_demo.failed.code == 1
    assert "[5/6] Publish release 1.0.0: exports.release of dataset:demo-film failed: " in said
    assert "no-such-key" in said
    assert "The demo failed; the logs are in " in said
    assert "[6/6]" not in said


@slow
def test_after_a_failure_it_goes_on_where_it_was_and_ends_well(checked_demo):
    again = checked_demo.again
    assert again.code == 0, again.said
    assert "  made " not in again.said
    assert [f"{study.slug}: done before" in again.said for study in STUDIES] == [True] * 3
    assert "demo-film@1.0.0 sha256:" in again.said
    assert "pandas.read_parquet: items per split: " in again.said
    assert again.said.endswith("Stopped.\n")


@slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the environment of a process")
def test_run_serves_an_empty_folder_and_ctrl_c_leaves_nothing_running(tmp_path):
    with begun("run", tmp_path) as child:
        url = url_when_ready(child)
        assert httpx.get(f"{url}/api/server/").status_code == 200
        assert len(processes_of(tmp_path)) > 4
        child.send_signal(signal.SIGINT)
        said = child.stdout.read()
        assert child.wait() == 0
    assert said.endswith("Stopping ...\nStopped.\n")
    assert processes_of(tmp_path) == set()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/api/server/")
    assert "not running" in run_to_end("status", tmp_path).said


def test_a_demo_that_does_not_end_is_ended(tmp_path, capsys):
    platform = Running(Supervisor(dict(os.environ), tmp_path), Address("127.0.0.1", 9))
    assert _main_job(platform, limit_s=0) != 0
    assert "The demo was not done after 0 s." in capsys.readouterr().out


GOOD = {"kinds": KINDS, "lost": (), "quarantined": BROKEN}
STUDY = STUDIES[0]


def test_what_is_complete_passes():
    checks.check_ingested(**GOOD)
    checks.check_rated(STUDY, ["C0DE"] * RATERS_PER_STUDY)
    checks.check_analysed(STUDY, STUDY.agreement, STUDY.gold)
    checks.check_released({"train": 7, "validation": 1, "test": 2})
    checks.check_loaded(published={"items": 10}, loaded={"items": 10})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kinds": KINDS - {"eeg", "audio"}}, "The corpus has no items of the kinds audio, eeg."),
        ({"lost": ["films/a.mp4"]}, "Made, but not among the items: films/a.mp4."),
        ({"quarantined": [*BROKEN, "films/a.mp4"]}, "Quarantined, although it is a good file: films/a.mp4."),
        ({"quarantined": []}, "Not quarantined, although it is broken: broken/cut-short.mp4."),
    ],
)
def test_an_incomplete_corpus_is_a_failure(wrong, told):
    with pytest.raises(DemoError) as caught:
        checks.check_ingested(**{**GOOD, **wrong})
    assert str(caught.value) == told


@pytest.mark.parametrize("codes", [[], ["C0DE"] * (RATERS_PER_STUDY - 1), ["C0DE", None, *["C0DE"] * 4]])
def test_a_rater_without_a_code_is_a_failure(codes):
    with pytest.raises(DemoError, match=r"film-trace: \d of 6 simulated raters have a completion code"):
        checks.check_rated(STUDY, codes)


def test_an_analysis_without_a_value_is_a_failure():
    with pytest.raises(DemoError, match=r"film-trace: no agreement affect\.arousal ccc_pairwise_mean\.$"):
        checks.check_analysed(STUDY, ["affect.valence ccc_pairwise_mean"], STUDY.gold)
    with pytest.raises(DemoError, match=r"film-trace: no gold affect ewe, affect mean\.$"):
        checks.check_analysed(STUDY, STUDY.agreement, [])


@pytest.mark.parametrize("sizes", [{"train": 7, "test": 2}, {"train": 7, "validation": 0, "test": 2}])
def test_an_empty_split_is_a_failure(sizes):
    with pytest.raises(DemoError, match="No items in the splits validation"):
        checks.check_released(sizes)


@pytest.mark.parametrize(("published", "loaded"), [(10, {"items": 9}), (10, {}), (0, {"items": 0})])
def test_other_rows_than_published_are_a_failure(published, loaded):
    with pytest.raises(DemoError, match=rf"items \({loaded.get('items', 0)} rows of {published}\)"):
        checks.check_loaded(published={"items": published}, loaded=loaded)
