"""``manage.py make-groups COLLECTION NAME --design tuples``: items of several parts from the items of a collection."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError
from ingest.services.collections import save_collection
from ingest.services.drafts import Design, GroupRequest
from ingest.services.groups import make_groups

LISTED_AT_MOST = 20


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"{text} is not above 0")
    return number


class Command(BaseCommand):
    help = (
        "Make pairs for comparisons, tuples for best-worst questions, captioned pictures, matching tasks, image "
        "sequences or recordings beside their stimulus from the items of a collection, and a collection of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("collection", help="whose items are put together")
        parser.add_argument("name", help="of the groups and of the new collection")
        parser.add_argument("--design", required=True, choices=get_args(Design))
        parser.add_argument("--organisation", default="lab", help="name of the organisation (default: lab)")
        parser.add_argument("--corpus", help="save COLLECTION first, as the items of this corpus")
        parser.add_argument(
            "--kind", action="append", help="with --corpus: only items of this kind; repeatable"
        )
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--within", help="a group key, or folder: only items that share its value")
        parser.add_argument("--per-item", type=int, default=4, help="pairs: in how many each item stands")
        parser.add_argument("--size", type=int, default=4, help="tuples: how many things are in each")
        parser.add_argument("--factor", type=float, default=2.0, help="tuples: how many per thing")
        parser.add_argument(
            "--match-on", default="name", help="what belongs together: name, or a metadata key"
        )
        parser.add_argument("--fixed-kind", default="image", help="captions, matching: kind that is given")
        parser.add_argument("--other-kind", default="text", help="kind of captions, candidates, stimuli")
        parser.add_argument("--candidates", type=int, default=3, help="matching: how many are offered")
        parser.add_argument("--rate-hz", type=_positive, help="sequence: images a second")
        parser.add_argument("--still-s", type=_positive, help="sequence: seconds of each image")
        parser.add_argument(
            "--timed-by",
            help="group or metadata key that holds the seconds of an image, or when in a recording its stimulus began",
        )

    def handle(
        self,
        *,
        collection: str,
        organisation: str,
        corpus: str | None,
        kind: list[str] | None,
        **options: Any,
    ) -> None:
        lab = Organisation.objects.filter(name=organisation).first()
        if lab is None:
            raise CommandError(f"There is no organisation {organisation!r}.")
        wanted = {name: options[name] for name in GroupRequest.__dataclass_fields__}
        try:
            if corpus:
                filters = {"corpus": corpus} | ({"kind": kind} if kind else {})
                save_collection(name=collection, organisation_id=lab.pk, filters=filters)
            made = make_groups(
                organisation_id=lab.pk,
                collection=collection,
                request=GroupRequest(**wanted),
                requested_by="command:make-groups",
            )
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{made.n_groups} items of kind {made.kind} in the collection {made.collection.name}."
        )
        for key in made.unmatched[:LISTED_AT_MOST]:
            self.stderr.write(f"no partner: {key}")
        if len(made.unmatched) > LISTED_AT_MOST:
            self.stderr.write(f"and {len(made.unmatched) - LISTED_AT_MOST} more without a partner")
