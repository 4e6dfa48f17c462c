import pytest
from django.core.management import CommandError, call_command

from annotation.protocol import PRESETS, preset_names


def _said(capsys, *words):
    call_command("protocol", *words)
    return capsys.readouterr().out


def test_every_preset_is_listed_with_its_kinds_and_questions(capsys):
    lines = _said(capsys, "list").splitlines()
    assert [line.split()[0] for line in lines] == preset_names()
    deam = next(line for line in lines if line.startswith("deam "))
    assert deam.split()[1] == "audio"
    assert deam.endswith("[trace1d,scale]")


def test_a_preset_is_shown_as_it_is_written(capsys):
    assert _said(capsys, "show", "ferplus") == (PRESETS / "ferplus.toml").read_text()


def test_a_copy_is_right_until_it_is_changed_wrongly(capsys, tmp_path):
    mine = tmp_path / "mine.toml"
    assert "manage.py protocol check" in _said(capsys, "copy", "ferplus", str(mine))
    assert _said(capsys, "check", str(mine)) == "mine.toml is right: ferplus 1.0.0, 1 question(s).\n"
    mine.write_text(mine.read_text().replace("per_item = 10", "per_item = 0"))
    line = next(n for n, row in enumerate(mine.read_text().splitlines(), 1) if "per_item" in row)
    with pytest.raises(CommandError, match=rf"mine\.toml: line {line}, raters\.per_item: "):
        call_command("protocol", "check", str(mine))


def test_a_copy_never_takes_the_place_of_a_file(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text("my own")
    with pytest.raises(CommandError, match="exists already"):
        call_command("protocol", "copy", "meld", str(mine))
    assert mine.read_text() == "my own"
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("protocol", "copy", "meld", str(tmp_path / "none" / "mine.toml"))


@pytest.mark.parametrize(
    "words", [("show", "veatik"), ("copy", "veatik", "mine.toml"), ("check", "none.toml")]
)
def test_what_does_not_exist_is_said(words):
    with pytest.raises(CommandError, match="There is no"):
        call_command("protocol", *words)
