"""Two studies with votes, a review of proposals and a consensus round of one, made inside a running platform.

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
from annotation.protocol import preset  # noqa: E402
from annotation.services.participation import join  # noqa: E402
from annotation.services.proposing import Proposed  # noqa: E402
from annotation.services.reviews import open_review, open_round, raters_of  # noqa: E402
from annotation.services.studies import create_study  # noqa: E402
from ingest.models import Collection, Corpus, Item  # noqa: E402

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
    sys.stdout.write(f"{json.dumps(addresses)}\n")


if __name__ == "__main__":
    main()
