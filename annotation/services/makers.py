"""Who made which items: what a rater made herself, and what is shown no more because its maker took consent back."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.facade import Rater, hash_secret
from affectory.errors import Conflict
from annotation.models import Participation, Study, StudyItem
from annotation.produced import Production, ProductionState
from annotation.talk import Seat
from ingest.facade import Corpus


def asks_own_items(study: Study) -> bool:
    return bool(study.protocol.document["raters"].get("own_items", False))


def items_for(participation: Participation) -> QuerySet[StudyItem]:
    """Items of her study that this rater may get at all."""
    items = StudyItem.objects.filter(study=participation.study_id)
    items = items.exclude(_made(consent__withdrawn_at__isnull=False))
    if asks_own_items(participation.study):
        items = items.filter(_made(rater=participation.rater_id))
    return items


def _made(**whose: Any) -> Q:
    """Items that somebody made. Bytes tell dialogues, but nothing made alone: two people may write the same words."""
    alone = Production.objects.filter(**whose).exclude(entry=None)
    talking = Seat.objects.filter(**whose).exclude(dialogue__entry__asset=None)
    return Q(item__corpus__in=alone.values("entry__corpus"), item__key__in=alone.values("entry__path")) | Q(
        item__asset__in=talking.values("dialogue__entry__asset")
    )


def maker_behind(study: Study, token: str) -> Rater:
    """The rater of an earlier participation, if she made an item of this study."""
    found = Participation.objects.filter(token_sha256=hash_secret(token)).select_related("rater").first()
    if found is not None and study.study_items.filter(_made(rater=found.rater_id)).exists():
        return found.rater
    raise Conflict(
        "This study is about what you made yourself in an earlier one. Please open the link in the browser in which "
        "you took part in that.",
        code="own_items_only",
    )


def studies_before(study: Study) -> QuerySet[Study]:
    """The studies in which the items of a study of own items were made."""
    corpora = study.study_items.values("item__corpus")
    return Study.objects.filter(produces__in=corpora)


def not_handed_in(participation: Participation) -> QuerySet[Production]:
    """What this rater made and ingest does not have."""
    open_ones = Production.objects.filter(assignment__participation=participation)
    return open_ones.exclude(state=ProductionState.HANDED_OVER)


def corpora_with(rater: Rater) -> QuerySet[Corpus]:
    """Corpora that hold something which this rater made, or will when ingest has read it."""
    corpora = Study.objects.filter(participations__rater=rater).exclude(produces=None)
    return Corpus.objects.filter(pk__in=corpora.values("produces")).order_by("pk")
