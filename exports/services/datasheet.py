"""The datasheet and data statement of a release: sections in which generated facts and a researcher's prose meet.

After Gebru et al. (2021), Datasheets for Datasets, and Bender and Friedman (2018), Data Statements.
"""

from typing import Any

from affectory.release.bands import Band, age_bands, category_bands
from affectory.release.card import Section
from annotation.facade import policy_digest, rule_in_words
from exports.prose import CardSerializer
from exports.recipe import quality_rules
from exports.services.people import ToldRaters
from exports.services.source import Source
from ingest.facade import subjects_of

NOT_STATED = "Not stated."
AGE, SUBJECT = "age", "subject"
MAINTENANCE = (
    "A release never changes. One that turns out to be wrong is yanked, with the reason; one that holds data of a "
    "person who is to be erased is withdrawn: its files are deleted, and a successor without the person can be proved "
    "from row digests (`affectory verify --successor`)."
)


def prose_of(source: Source) -> dict[str, Any]:
    """What the researcher said, with empty texts for what nobody said."""
    given = source.dataset.recipe.get("card", {})
    return dict(CardSerializer(data=given).run_validation(given))


def before_ratings(source: Source) -> tuple[Section, ...]:
    """The sections that a reader wants first: why, and what it may be used for."""
    prose = prose_of(source)
    return (
        Section("Motivation", prose["motivation"] or NOT_STATED),
        Section(
            "Uses",
            f"**Intended.** {prose['intended_uses'] or NOT_STATED}\n\n"
            f"**Forbidden.** {prose['forbidden_uses'] or NOT_STATED}\n\n"
            f"**Limits.** {prose['limitations'] or NOT_STATED}",
        ),
        Section("Collection process", _paragraphs(prose["collection_process"], prose["ethics"])),
    )


def after_ratings(source: Source, raters: ToldRaters) -> tuple[Section, ...]:
    prose = prose_of(source)
    return (
        Section("Exclusions", exclusions(source)),
        Section("Pay", prose["pay"] or NOT_STATED),
        Section("Data statement", _statement(source, raters, prose)),
        Section("Personal and sensitive information", prose["sensitive"] or NOT_STATED),
        Section("Maintenance", _paragraphs(prose["maintenance"], MAINTENANCE)),
    )


def rai_of(source: Source, raters: ToldRaters) -> dict[str, str]:
    """The terms of Croissant RAI that the datasheet answers; what nobody stated is left out."""
    prose = prose_of(source)
    told = {
        "dataUseCases": prose["intended_uses"],
        "dataSocialImpact": prose["forbidden_uses"],
        "dataLimitations": prose["limitations"],
        "dataCollection": prose["collection_process"],
        "personalSensitiveInformation": prose["sensitive"],
        "annotatorDemographics": _raters(source, raters),
        "dataAnnotationProtocol": "; ".join(sorted({question.source for question in source.questions})),
        "dataReleaseMaintenancePlan": _paragraphs(prose["maintenance"], MAINTENANCE),
    }
    return {term: text for term, text in told.items() if text}


def exclusions(source: Source) -> str:
    """Per study: the policy with its digest, and how many answers each reason left out."""
    lines = []
    for slug, computed in sorted(source.computed.items()):
        study = next(question.study for question in source.questions if question.study.slug == slug)
        rules = study.document["quality"]["exclude"]
        names = [rule["name"] for rule in rules]
        names += [name for name in ("attention", "repeats") if name in study.document["quality"]]
        named = ", ".join(f"`{name}`" for name in names) or "no rules"
        left_out = ", ".join(f"{n} {why}" for why, n in computed.made_from["excluded"].items()) or "none"
        lines.append(
            f"- **{study.title}**: policy `{policy_digest(study.document['quality'])}` ({named}); answers left out of "
            f"the labels: {left_out}."
        )
    note = (
        "Answers left out by a rule stay in `annotations` and `traces` with the reason in `excluded`; answers of "
        "practice and of raters who withdrew are not released."
    )
    return "\n".join([*lines, *_own_rules(source), "", note])


def _own_rules(source: Source) -> list[str]:
    """The policy of the dataset itself, where it has one, and what each of its rules left out."""
    rules = quality_rules(source.dataset.recipe)
    if not rules:
        return []
    counted = excluded_by_policy(source)
    head = f"- **This dataset**: policy `{policy_digest(rules)}`"
    return [
        head,
        *(
            f"  - {rule_in_words(rule)}; excluded by {name}: {n} responses"
            for rule, (name, n) in zip(rules, counted.items(), strict=True)
        ),
    ]


def quality_facts(source: Source) -> dict[str, Any]:
    """What the manifest says of the dataset's policy; nothing where it has none."""
    rules = quality_rules(source.dataset.recipe)
    if not rules:
        return {}
    counts = excluded_by_policy(source)
    return {"quality": {"policy": policy_digest(rules), "exclude": rules, "excluded": counts}}


def excluded_by_policy(source: Source) -> dict[str, int]:
    """Rule of the dataset -> how many answers of its studies it left out."""
    counts = [computed.made_from["excluded"] for computed in source.computed.values()]
    return {
        rule["name"]: sum(one.get(rule["name"], 0) for one in counts)
        for rule in quality_rules(source.dataset.recipe)
    }


def _statement(source: Source, raters: ToldRaters, prose: dict[str, Any]) -> str:
    languages = sorted({language for corpus in source.items.corpora for language in corpus.languages})
    k = prose["smallest_band"]
    told = {
        "Curation rationale": prose["curation_rationale"] or NOT_STATED,
        "Language variety": _paragraphs(", ".join(languages), prose["language_variety"]),
        "People in the items": _subjects(source, k),
        "Raters": _raters(source, raters),
        "Situation": prose["speech_situation"] or NOT_STATED,
        "Text characteristics": prose["text_characteristics"] or NOT_STATED,
    }
    return "\n\n".join(f"**{name}.** {text}" for name, text in told.items())


def _raters(source: Source, raters: ToldRaters) -> str:
    """Raters by kind, and what they said of themselves."""
    kinds: dict[str, int] = {}
    for computed in source.computed.values():
        for kind, n in computed.made_from["raters"].items():
            kinds[kind] = kinds.get(kind, 0) + n
    listed = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "none"
    head = f"Raters whose answers count, by kind: {listed}."
    if not raters.columns:
        return f"{head} They were not asked about themselves."
    bands = "; ".join(
        f"{raters.columns[column]} " + ", ".join(f"{band} ({n})" for band, n in counts.items())
        for column, counts in raters.counts().items()
        if counts
    )
    return (
        f"{head} {len(raters.rows)} of the raters in this release were asked about themselves, and could decline. "
        f"Told in bands, and no row of `raters` that fewer than {raters.k} share"
        + (f": {bands}." if bands else ".")
    )


def _subjects(source: Source, k: int) -> str:
    """Attributes of the people in the items, each by itself, in bands of at least k people."""
    people = subjects_of(source.query().values("pk"), SUBJECT)
    if not people:
        return "Not stated: no item names its subject."
    keys = sorted({key for attributes in people for key in attributes})
    listed = [f"{key}: {_bands([attributes.get(key) for attributes in people], k)}" for key in keys]
    head = f"{len(people)} people. Bands hold at least {k}; smaller ones are joined or not told."
    return "\n".join([head, "", *(f"- {line}" for line in listed)]) if listed else f"{len(people)} people."


def _bands(values: list[Any], k: int) -> str:
    given = [value for value in values if value is not None]
    numeric = bool(given) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in given
    )
    bands: tuple[Band, ...]
    if numeric:
        bands = age_bands(values, k)
    else:
        bands = category_bands([None if value is None else str(value) for value in values], k)
    return ", ".join(f"{band.name} ({band.people})" for band in bands) or f"not told, fewer than {k} people"


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text) or NOT_STATED
