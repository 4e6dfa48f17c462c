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
from annotation.services.participation import join  # noqa: E402
from annotation.services.proposing import Proposed  # noqa: E402
from annotation.services.reviews import Round, open_review, open_round, raters_of  # noqa: E402
from annotation.services.studies import create_study  # noqa: E402
from ingest.models import Collection, Corpus, Item  # noqa: E402
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
MARKED: tuple[tuple[list[tuple[str, float, float]], list[float]], ...] = (
    ([("laugh", 0.5, 1.5)], [0.1]),
    ([("laugh", 1.0, 2.0), ("smile", 2.5, 3.0)], [0.6]),
    ([], [0.62]),
)
"""Of each rater the segments, and where the box is from the left."""


def round_of_marks(slug: str) -> Round:
    """Three people have marked a film otherwise; the round that gives it back to the first of them."""
    document = preset("veatic")
    raw = {key: value for key, value in document.items() if key != "questions"}
    raw |= {"version": "9.0.1", "questions": [SEGMENTS, BOXES]}
    raw["raters"] |= {"practice_items": 0}
    checked = ProtocolSerializer(data=raw)
    checked.is_valid(raise_exception=True)
    film = copied(slug, "films/morning-walk.mp4")
    base = create_study(
        organisation=film.organisation, slug=slug, title="Laughter", requested_by="test",
        document=json.loads(json.dumps(checked.validated_data)),
        collection=Collection.objects.create(organisation=film.organisation, name=slug, filters={"corpus": slug}),
    )  # fmt: skip
    [item] = base.study_items.values_list("item", flat=True)
    for segments, boxes in MARKED:
        rater = new_rater(organisation=film.organisation, kind=RaterKind.CROWD)
        join(base, rater, uuid.uuid4())
        given = {
            "laughs": {"segments": [{"label": of, "start_s": at, "end_s": end} for of, at, end in segments]},
            "where": {"boxes": [{"label": "face", "x": x, "y": 0.2, "width": 0.25, "height": 0.4, "at_s": 0}
                                for x in boxes]},
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
