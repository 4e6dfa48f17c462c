"""Studies with votes or marks, a review of proposals and consensus rounds, made inside a running platform.

Run as a program there; prints the address of each review as JSON.
"""

import json
import sys
import uuid
from uuid import UUID

import django

django.setup()

from accounts.facade import Organisation, RaterKind, new_rater  # noqa: E402
from annotation.analysis.disagreement import Criterion  # noqa: E402
from annotation.models import Response, Study  # noqa: E402
from annotation.protocol import ProtocolSerializer, preset  # noqa: E402
from annotation.services.analyses import request_analysis  # noqa: E402
from annotation.services.participation import join  # noqa: E402
from annotation.services.proposing import Proposed  # noqa: E402
from annotation.services.reviews import Round, open_review, open_round, raters_of  # noqa: E402
from annotation.services.studies import create_study  # noqa: E402
from ingest.models import Collection, Corpus, Item  # noqa: E402
from jobs.services import perform  # noqa: E402
from tests.browser.copies import copied  # noqa: E402

SAID = ("joy", "joy", "anger", "fear", "sadness")


def study_with_votes(slug: str) -> tuple[Study, list[UUID]]:
    """Five people have said of the first of its items what it is, and did not agree."""
    lab, _ = Organisation.objects.get_or_create(name="demo-lab", defaults={"title": "Lab"})
    corpus = Corpus.objects.create(organisation=lab, name=slug, title=slug)
    for n in range(3):
        said = [{"speaker": "A", "text": f"So it is number {n} after all.", "target": True}]
        Item.objects.create(corpus=corpus, key=f"line-{n}", kind="dialogue", title="Line", context=said)
    collection = Collection.objects.create(organisation=lab, name=slug, filters={"corpus": slug})
    document = preset("meld")
    document |= {"version": "9.0.0", "questions": document["questions"][:1]}
    base = create_study(
        organisation=lab, slug=slug, title="Emotion in dialogue", document=document,
        collection=collection, requested_by="test",
    )  # fmt: skip
    items = list(base.study_items.filter(practice=False).values_list("item", flat=True))
    for label in SAID:
        rater = new_rater(organisation=lab, kind=RaterKind.CROWD)
        join(base, rater, uuid.uuid4())
        Response.objects.create(
            study=base, item_id=items[0], rater=rater, question="emotion", value={"labels": [label]},
            perspective="observer",
        )  # fmt: skip
    return base, items


SEGMENTS = {
    "key": "laughs", "type": "segments", "prompt": "When does somebody laugh?",
    "options": {"labels": [{"key": "laugh", "name": "Laughs"}, {"key": "smile", "name": "Smiles"}]},
}  # fmt: skip
BOXES = {
    "key": "where", "type": "boxes", "prompt": "Who laughs?",
    "options": {"labels": [{"key": "face", "name": "Face"}]},
}  # fmt: skip
FACE = {
    "key": "face", "type": "facs", "prompt": "Code the face.",
    "options": {"units": ["AU1", "AU12"], "timing": "events", "sides": False, "intensity": False},
}  # fmt: skip
WORDS = {
    "key": "words", "type": "spans", "prompt": "Which words say why?",
    "options": {"labels": [{"key": "cause", "name": "Cause"}, {"key": "feeling", "name": "Feeling"}]},
}  # fmt: skip
TEXT = "She laughs because the dog ran off."
MARKED: tuple[tuple[list[tuple[str, float, float]], list[float], list[str], list[tuple[str, str]]], ...] = (
    ([("laugh", 0.5, 1.5)], [0.1], ["AU12"], [("cause", "the dog ran off")]),
    ([("laugh", 1.0, 2.0), ("smile", 2.5, 3.0)], [0.6], ["AU12", "AU1"], [("cause", "the dog")]),
    ([], [0.62], [], [("feeling", "laughs"), ("cause", "the dog ran off")]),
)
"""Of each rater the segments, where the box is from the left, the units of the face, and the words."""


PICTURES = ("pictures/three-laughing.jpg", "pictures/red-with-rage.jpg")
THINGS = {
    "key": "where", "type": "boxes", "prompt": "Who laughs?",
    "options": {"labels": [{"key": "face", "name": "Face"}, {"key": "hand", "name": "Hand"}]},
}  # fmt: skip
DRAWN: tuple[tuple[list[tuple[str, float]], list[tuple[str, float]]], ...] = (
    ([("face", 0.1), ("face", 0.6)], [("face", 0.0)]),
    ([("face", 0.12), ("hand", 0.6)], [("face", 0.4)]),
    ([("face", 0.1)], [("face", 0.7)]),
)
"""Of each rater in each picture the label of a box, and where it is from the left."""


def _study_of(
    slug: str, version: str, questions: list[dict[str, object]], keys: tuple[str, ...], text: str = ""
) -> Study:
    raw = {key: value for key, value in preset("veatic").items() if key != "questions"}
    raw |= {"version": version, "questions": questions, "item_kinds": ["video", "image"]}
    raw["raters"] |= {"practice_items": 0}
    checked = ProtocolSerializer(data=raw)
    checked.is_valid(raise_exception=True)
    corpus = copied(slug, *keys)
    corpus.items.update(text=text)
    return create_study(
        organisation=corpus.organisation, slug=slug, title="Laughter", requested_by="test",
        document=json.loads(json.dumps(checked.validated_data)),
        collection=Collection.objects.create(
            organisation=corpus.organisation, name=slug, filters={"corpus": slug}
        ),
    )  # fmt: skip


def study_with_boxes(slug: str) -> None:
    """Three people have drawn boxes on two pictures; on the second all three on other places."""
    base = _study_of(slug, "9.0.2", [THINGS], PICTURES)
    items = {row.item.key: row.item_id for row in base.study_items.select_related("item")}
    for pictures in DRAWN:
        rater = new_rater(organisation=base.organisation, kind=RaterKind.CROWD)
        join(base, rater, uuid.uuid4())
        for key, boxes in zip(PICTURES, pictures, strict=True):
            given = [{"label": label, "x": x, "y": 0.2, "width": 0.25, "height": 0.4} for label, x in boxes]
            Response.objects.create(
                study=base, item_id=items[key], rater=rater, question="where", value={"boxes": given},
                perspective="observer",
            )  # fmt: skip
    perform(request_analysis(study=base, requested_by="test", delay_s=0).pk)


def round_of_marks(slug: str) -> Round:
    """Three people have marked a film otherwise; the round that gives it back to the first of them."""
    base = _study_of(slug, "9.0.1", [SEGMENTS, BOXES, FACE, WORDS], ("films/morning-walk.mp4",), TEXT)
    [item] = base.study_items.values_list("item", flat=True)
    for segments, boxes, units, words in MARKED:
        rater = new_rater(organisation=base.organisation, kind=RaterKind.CROWD)
        join(base, rater, uuid.uuid4())
        given = {
            "laughs": {"segments": [{"label": of, "start_s": at, "end_s": end} for of, at, end in segments]},
            "where": {"boxes": [{"label": "face", "x": x, "y": 0.2, "width": 0.25, "height": 0.4, "at_s": 0}
                                for x in boxes]},
            "face": {"units": [{"unit": unit, "onset_s": 0.5, "apex_s": 1.0, "offset_s": 2.0} for unit in units]},
            "words": {"spans": [{"part": 0, "label": label, "start": TEXT.index(text),
                                 "end": TEXT.index(text) + len(text), "text": text} for label, text in words]},
        }  # fmt: skip
        for question, value in given.items():
            Response.objects.create(
                study=base, item_id=item, rater=rater, question=question, value=value, perspective="observer"
            )
    return open_round(
        base=base, criteria=[Criterion.read("laughs.agreement_below=0.5")], raters=raters_of(base)[:1],
        requested_by="test",
    )  # fmt: skip


def main() -> None:
    study_with_votes("doubted")
    study_with_boxes("drawn")
    base, items = study_with_votes("reviewed")
    shown = {"value": {"labels": ["joy"]}, "response": None}
    review = open_review(
        base=base, slug="reviewed-checked", source="model M", requested_by="test",
        proposed=[Proposed(item, "emotion", (shown,)) for item in items],
    )  # fmt: skip
    made = open_round(
        base=base, criteria=[Criterion.read("emotion.share_below=0.6")], raters=raters_of(base)[:1],
        requested_by="test",
    )  # fmt: skip
    addresses = {"proposal": f"/s/{review.invite_code}", "round": next(iter(made.addresses.values()))}
    addresses["marks"] = next(iter(round_of_marks("marked").addresses.values()))
    sys.stdout.write(f"{json.dumps(addresses)}\n")


if __name__ == "__main__":
    main()
