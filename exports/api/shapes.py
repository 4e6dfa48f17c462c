"""The stored documents of a release, as the OpenAPI schema names their parts."""

from typing import Any

from rest_framework import serializers

from jobs.facade import JobSerializer


class NearDuplicatePairShape(serializers.Serializer[Any]):
    item = serializers.CharField()
    other = serializers.CharField()
    why = serializers.CharField(help_text="what makes them near-duplicates, and how near")


class NotComparedShape(serializers.Serializer[Any]):
    reason = serializers.CharField()
    items = serializers.IntegerField()


class NearDuplicatesShape(serializers.Serializer[Any]):
    """What stays together because it shows the same; ``items`` hang together by ``links`` of these kinds."""

    items = serializers.IntegerField()
    links = serializers.DictField(
        child=serializers.IntegerField(), help_text="by bytes, words, phrases, picture, film, sound"
    )
    example = NearDuplicatePairShape(allow_null=True)
    not_compared = NotComparedShape(many=True, help_text="pictures, films and sounds without a fingerprint")


class SplitReportShape(serializers.Serializer[Any]):
    """By role; a release with ``leaks`` (sentences) is not published; ``without_role``: items in no split."""

    sizes = serializers.DictField(child=serializers.IntegerField())
    groups = serializers.DictField(child=serializers.IntegerField())
    shares = serializers.DictField(child=serializers.FloatField())
    wanted = serializers.DictField(child=serializers.FloatField())
    largest_group = serializers.IntegerField()
    leaks = serializers.ListField(child=serializers.CharField())
    without_role = serializers.ListField(child=serializers.CharField())


class SchemeReportShape(SplitReportShape):
    """``kind`` `rater` counts raters; `temporal` counts stretches of items, and its shares are those of time."""

    name = serializers.CharField()
    kind = serializers.CharField()
    total_variation = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(allow_null=True))
    )
    near_duplicate_links = serializers.IntegerField()
    near_duplicates = NearDuplicatesShape(required=False, help_text="absent in early releases")
    guard_s = serializers.FloatField(allow_null=True)


class ReleaseAgreementShape(serializers.Serializer[Any]):
    study = serializers.CharField()
    question = serializers.CharField()
    dimension = serializers.CharField(allow_blank=True)
    condition = serializers.CharField(allow_blank=True)
    measure = serializers.CharField()
    exposed = serializers.BooleanField(
        required=False, help_text="after exposure only; absent in early releases"
    )
    value = serializers.FloatField(allow_null=True)
    ci = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    n_units_used = serializers.IntegerField()
    n_units_dropped = serializers.IntegerField()
    n_raters = serializers.IntegerField()
    convention = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    details = serializers.DictField()


class SplitAgreementShape(ReleaseAgreementShape):
    split = serializers.CharField()


class QualityShape(serializers.Serializer[Any]):
    """The dataset's own policy: its digest, its rules, and how many responses each left out."""

    policy = serializers.CharField()
    exclude = serializers.ListField(child=serializers.DictField())
    excluded = serializers.DictField(child=serializers.IntegerField())


class AxisFitShape(serializers.Serializer[Any]):
    """How well a fitted mapping predicts held-out groups of the training part; null: undefined."""

    dimension = serializers.CharField()
    r = serializers.FloatField(allow_null=True)
    ccc = serializers.FloatField(allow_null=True)
    slope = serializers.FloatField(allow_null=True, help_text="below 1: values are drawn to their mean")
    rmse = serializers.FloatField()
    n_items = serializers.IntegerField()


class MappedShape(serializers.Serializer[Any]):
    items = serializers.IntegerField(help_text="items that got a value")
    source = serializers.CharField(help_text="where the values come from")  # type: ignore[assignment]
    parameters = serializers.DictField(required=False, help_text="of a fitted mapping")
    fit = AxisFitShape(many=True, required=False)
    reason = serializers.CharField(required=False, help_text="why nothing could be fitted")


class MappingReportShape(serializers.Serializer[Any]):
    """A mapping with the options of its kind, the columns it fills, and what came of it."""

    name = serializers.CharField()
    kind = serializers.CharField()
    question = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    found = MappedShape()


class DistributionShape(serializers.Serializer[Any]):
    """Items of each part by ``values`` of a label (null: all others), or by steps of a scale between ``edges``."""

    label = serializers.CharField()  # type: ignore[assignment]
    values = serializers.ListField(child=serializers.CharField(allow_null=True), allow_null=True)
    edges = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    counts = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))


class GoldMadeShape(serializers.Serializer[Any]):
    """How one method makes the gold of a question; of several methods one is the gold, the others stand beside it."""

    question = serializers.CharField()
    method = serializers.CharField()
    gold = serializers.BooleanField()
    rule = serializers.CharField()
    parameters = serializers.DictField(
        help_text="such as min_raters, and of traces where lags are from (lag_from: calibration, fixed or none)"
    )
    items = serializers.IntegerField(help_text="items that have gold by it")
    without = serializers.IntegerField(help_text="items that were rated and have none")
    exposed = serializers.IntegerField(help_text="of all of them, those rated after exposure only")


class SchemeDistributionsShape(serializers.Serializer[Any]):
    scheme = serializers.CharField()
    distributions = DistributionShape(many=True)


class SummaryShape(serializers.Serializer[Any]):
    rows = serializers.DictField(child=serializers.IntegerField())
    splits = SplitReportShape()
    default_split = serializers.CharField(required=False)
    schemes = SchemeReportShape(many=True, required=False)
    balance = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(allow_null=True)),
        required=False,
        help_text="part -> label -> total variation distance from all items; absent in early releases",
    )
    distributions = DistributionShape(
        many=True, required=False, help_text="of the labels in the parts of items; absent in early releases"
    )
    other_distributions = SchemeDistributionsShape(
        many=True,
        required=False,
        help_text="the same of the other schemes that place whole items, up to 12 roles; absent in early releases",
    )
    gold_made = GoldMadeShape(many=True, required=False, help_text="absent in early releases")
    studies = serializers.DictField()
    quality = QualityShape(required=False, help_text="absent where the recipe has no policy")
    mappings = MappingReportShape(many=True, required=False, help_text="absent in early releases")
    signed_by = serializers.CharField(required=False, help_text="absent where it is not signed")
    agreement = ReleaseAgreementShape(many=True)
    agreement_by_split = SplitAgreementShape(many=True, required=False, help_text="absent in early releases")


class CheckedSchemeShape(SchemeReportShape):
    """Leaks and items without a role are counted; the first ones are named."""

    n_leaks = serializers.IntegerField()
    n_without_role = serializers.IntegerField()


class CheckShape(serializers.Serializer[Any]):
    """What publishing now would give. With ``problems`` it would be refused; without parent there is no bump."""

    rows = serializers.DictField(child=serializers.IntegerField())
    media_files = serializers.IntegerField()
    excluded = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="rule of the recipe's quality policy -> responses that it leaves out; absent in early checks",
    )
    gold_made = GoldMadeShape(many=True, required=False, help_text="absent in early checks")
    default_split = serializers.CharField()
    schemes = CheckedSchemeShape(many=True)
    problems = serializers.ListField(child=serializers.CharField())
    n_problems = serializers.IntegerField()
    ways_out = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="what helps, where that is not plain from the problems; absent in early checks",
    )
    distributions = DistributionShape(
        many=True, required=False, help_text="of the labels in the parts of items; absent in early checks"
    )
    other_distributions = SchemeDistributionsShape(
        many=True,
        required=False,
        help_text="the same of the other schemes that place whole items, up to 12 roles; absent in early checks",
    )
    recipe_digest = serializers.CharField(
        required=False, help_text="of the recipe that was followed; absent in early checks"
    )
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    bump = serializers.ChoiceField(["PATCH", "MINOR", "MAJOR"], allow_null=True)
    version = serializers.CharField()
    changes = serializers.ListField(child=serializers.CharField())


class TableDifferenceShape(serializers.Serializer[Any]):
    """``moved`` items changed their split and are among ``changed``; ``examples``: kind of change -> keys."""

    table = serializers.CharField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    moved = serializers.IntegerField()
    columns_added = serializers.ListField(child=serializers.CharField())
    columns_removed = serializers.ListField(child=serializers.CharField())
    columns_changed = serializers.ListField(child=serializers.CharField())
    examples = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), allow_null=True
    )


class DifferenceShape(serializers.Serializer[Any]):
    """Tables that are alike are left out; ``bump`` is the smallest version step that the changes ask for."""

    bump = serializers.ChoiceField(["PATCH", "MINOR", "MAJOR"])
    reasons = serializers.ListField(child=serializers.CharField())
    tables = TableDifferenceShape(many=True)
    tables_added = serializers.ListField(child=serializers.CharField())
    tables_removed = serializers.ListField(child=serializers.CharField())
    schemes_added = serializers.ListField(child=serializers.CharField())
    schemes_changed = serializers.ListField(child=serializers.CharField())
    media_added = serializers.IntegerField()
    media_removed = serializers.IntegerField()


class ComparedShape(serializers.Serializer[Any]):
    """``difference`` is null, and ``reason`` says why, until a job has compared tables too large for a request.

    What a job has compared is told without examples.
    """

    old = serializers.CharField(source="old.version")
    new = serializers.CharField(source="new.version")
    tables_that_differ = serializers.ListField(child=serializers.CharField())
    difference = DifferenceShape(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    job = JobSerializer(allow_null=True, help_text="null: nobody has asked for one, or none is needed")


class ManifestFileShape(serializers.Serializer[Any]):
    path = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    table = serializers.CharField(allow_null=True)
    part = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField(allow_null=True)


class ParentShape(serializers.Serializer[Any]):
    version = serializers.CharField()
    digest = serializers.CharField()


class ManifestShape(serializers.Serializer[Any]):
    """``manifest.json``; docs/api.md and the `affectory` package say what the tables hold."""

    schema = serializers.CharField()
    name = serializers.CharField()
    version = serializers.CharField()
    licence = serializers.CharField()
    simulated = serializers.BooleanField()
    media_policy = serializers.CharField()
    parent = ParentShape(allow_null=True)
    writer = serializers.DictField()
    files = ManifestFileShape(many=True)
    tables = serializers.ListField(child=serializers.DictField())
    facts = serializers.DictField()
