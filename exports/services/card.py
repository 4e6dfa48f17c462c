"""The words of a release: dataset card and schemes, from what the platform knows."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from affectory.release.card import Card, Section
from affectory.taxonomy import get_taxonomy
from annotation.facade import ExportedStudy
from exports.recipe import default_scheme
from exports.services import datasheet
from exports.services.made import Made, section_of
from exports.services.people import ToldRaters
from exports.services.source import Source
from exports.services.splitting import Placed, Splits
from exports.services.trace_tables import continuous

EXPOSED = " (after a proposal or others' answers were shown)"


def card_of(
    source: Source, splits: Splits, raters: ToldRaters, facts: Mapping[str, Any], made: Sequence[Made]
) -> Card:
    dataset, corpora = source.dataset, source.items.corpora
    simulated = any(computed.made_from["raters"].get("simulated") for computed in source.computed.values())
    licences = sorted({corpus.licence for corpus in corpora if corpus.licence})
    return Card(
        title=dataset.title,
        description=dataset.description or dataset.title,
        licence=dataset.recipe["licence"] or (licences[0] if len(licences) == 1 else "other"),
        languages=tuple(sorted({language for corpus in corpora for language in corpus.languages})),
        keywords=("affective computing", *source.items.different_kinds),
        simulated=simulated,
        authors=tuple(datasheet.prose_of(source)["authors"]),
        sections=(
            *datasheet.before_ratings(source),
            Section("Where the items come from", _origin(source)),
            Section("How they were rated", _ratings(source)),
            Section("Agreement", f"{_agreement(source)}\n\n{_by_split(facts['agreement_by_split'])}"),
            *section_of(made),
            *_mapped(facts["mappings"]),
            Section("Splits", _splits(source, splits)),
            *datasheet.after_ratings(source, raters),
        ),
        rai=datasheet.rai_of(source, raters),
    )


def _origin(source: Source) -> str:
    return "\n".join(
        f"- **{corpus.title}**: {corpus.source or 'source not stated'} Licence: {corpus.licence or 'not stated'}. "
        f"Consent: {corpus.consent_terms or 'not stated'}"
        for corpus in source.items.corpora
    )


def _ratings(source: Source) -> str:
    lines = []
    for slug, computed in sorted(source.computed.items()):
        study = next(question.study for question in source.questions if question.study.slug == slug)
        raters = ", ".join(f"{n} {kind}" for kind, n in computed.made_from["raters"].items()) or "none"
        left_out = ", ".join(f"{n} {why}" for why, n in computed.made_from["excluded"].items()) or "none"
        lines.append(
            f"- **{study.title}** (protocol {study.document['name']} {study.document['version']}): "
            f"{computed.made_from['responses']} responses count, raters: {raters}; left out: {left_out}. "
            f"{_shown(study, computed.made_from['exposed'])}"
            f"Follows {study.document['source']}."
        )
    return "\n".join(lines)


def _shown(study: ExportedStudy, exposed: int) -> str:
    """What raters of a review saw first."""
    if not study.review:
        return ""
    review = study.review
    if review["kind"] == "proposal":
        what = f"a proposal ({review['source']}) to confirm or edit"
    else:
        what = f"all answers to {review['of']}, on items that met {' or '.join(review['criteria'])}"
    return f"Before {exposed} of them raters were shown {what}; these are counted apart. "


def _agreement(source: Source) -> str:
    head = "| question | condition | measure | value | 95 % interval | units | raters |\n"
    head += "|---|---|---|---:|---|---:|---:|\n"
    rows = []
    for question in source.questions:
        for row in source.computed[question.study.slug].outcomes[question.key].agreement:
            if row.item is None:
                found = row.result
                name = ".".join(part for part in (question.name, row.dimension) if part)
                value = f"{found.value:.3f}" if found.value is not None else f"undefined: {found.reason}"
                rows.append(
                    f"| {name} | {row.condition or 'all'} | {row.measure}{EXPOSED if row.exposed else ''} "
                    f"| {value} | {_interval(found.value, found.ci, found.reason)} "
                    f"| {found.n_units_used} | {found.n_raters} |"
                )
    return head + "\n".join(rows) if rows else "No measure applies."


def _interval(value: float | None, ci: Sequence[float] | None, reason: str | None) -> str:
    """The interval, or why a number has none; not every measure is given one."""
    if ci:
        return f"{ci[0]:.3f} to {ci[1]:.3f}"
    return "" if value is None else reason or "not computed"


def agreement_by_split(source: Source, splits: Splits) -> list[dict[str, Any]]:
    """Agreement within each split, so that a test set nobody agreed on is seen."""
    studies = {question.study.slug: question.study for question in source.questions}
    names = {(question.study.slug, question.key): question.name for question in source.questions}
    return [
        {
            "study": slug,
            "question": names[slug, key],
            "split": split,
            "dimension": row.dimension,
            "condition": row.condition,
            "measure": row.measure,
            "exposed": row.exposed,
            **row.result.as_dict(),
        }
        for slug, study in sorted(studies.items())
        for key, split, row in study.agreement_by_part(
            source.computed[slug], _roles_of(source, study, splits)
        )
    ]


def _roles_of(source: Source, study: ExportedStudy, splits: Splits) -> list[str | None]:
    """Of each of a study's items, also of those that are not in the release."""
    roles = [*splits.default.roles.in_order(), None]
    places = pc.index_in(study.responses().items.keys, value_set=source.items.all_keys).fill_null(-1)
    return [roles[at] for at in places.to_numpy()]


def _by_split(rows: list[dict[str, Any]]) -> str:
    head = "| split | question | condition | measure | value | 95 % interval | units | raters |\n"
    head += "|---|---|---|---|---:|---|---:|---:|\n"
    lines = []
    for row in rows:
        name = ".".join(part for part in (row["question"], row["dimension"]) if part)
        value = f"{row['value']:.3f}" if row["value"] is not None else f"undefined: {row['reason']}"
        lines.append(
            f"| {row['split']} | {name} | {row['condition'] or 'all'} | "
            f"{row['measure']}{EXPOSED if row['exposed'] else ''} | {value} "
            f"| {_interval(row['value'], row['ci'], row['reason'])} | {row['n_units_used']} | {row['n_raters']} |"
        )
    return "Within each split:\n\n" + head + "\n".join(lines) if lines else ""


def _mapped(mappings: list[dict[str, Any]]) -> list[Section]:
    """Which columns nobody rated, where they come from, and how far a fitted one can be trusted."""
    if not mappings:
        return []
    lines = [f"- {_columns(one)}: {one['found']['source']}{_fits(one['found'])}." for one in mappings]
    return [Section("Mapped labels", "Nobody rated these columns of `items`.\n\n" + "\n".join(lines))]


def _columns(mapping: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}`" for name in mapping["columns"])


def _fits(told: Mapping[str, Any]) -> str:
    if "reason" in told:
        return f" ({told['reason']})"
    found = [
        f"{one['dimension']} r {_figure(one['r'])}, CCC {_figure(one['ccc'])}, slope {_figure(one['slope'])}, "
        f"RMSE {_figure(one['rmse'])}"
        for one in told.get("fit", ())
    ]
    return "; on held-out groups of the training part: " + "; ".join(found) if found else ""


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _splits(source: Source, splits: Splits) -> str:
    """The default scheme in a sentence, then every scheme in a table."""
    keys = ", ".join(default_scheme(source.dataset.recipe).get("keys", ())) or "the item itself"
    head = (
        f"Groups are items that share {keys}, and items that show the same; no group is in two splits "
        f"(leaks: 0). The parts of `items` are those of the scheme `{splits.default_name}`.\n\n"
        "| scheme | kind | sizes |\n|---|---|---|\n"
    )
    return head + "\n".join(f"| {one.name} | {one.kind} | {_sizes(one)} |" for one in splits.placed)


def _sizes(one: Placed) -> str:
    return ", ".join(f"{role}: {n:,}" for role, n in one.report["sizes"].items())


def schemes_of(source: Source, mappings: list[dict[str, Any]]) -> dict[str, Any]:
    """Taxonomies, scales and labels of the questions, and what was mapped from one to another, for schemes.json."""
    taxonomies = {
        question.options["taxonomy"]: get_taxonomy(question.options["taxonomy"]).as_dict()
        for question in source.questions
        if question.options.get("taxonomy")
    }
    synonyms = {question.name: question.synonyms for question in source.questions if question.synonyms}
    scales = {question.name: question.dimensions for question in source.questions if question.dimensions}
    labels = {question.name: question.votes for question in source.questions if question.votes}
    rates = {question.name: question.study.document["gold"]["rate_hz"] for question in continuous(source)}
    schemes = {
        "taxonomies": taxonomies,
        "scales": scales,
        "gold_trace_rates_hz": rates,
    }
    # Those of a release that has none of them stay as they were.
    defined = {"labels": labels, "synonyms": synonyms, "mappings": [_definition(one) for one in mappings]}
    return {**schemes, **{name: held for name, held in defined.items() if held}}


def _definition(mapping: dict[str, Any]) -> dict[str, Any]:
    """What a mapping is, whatever came of it in this release."""
    return {key: value for key, value in mapping.items() if key != "found"}
