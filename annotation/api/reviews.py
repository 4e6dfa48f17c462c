"""Studies in which raters see something first, for researchers: reviews of proposals, and consensus rounds."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from annotation.analysis.disagreement import Criterion
from annotation.api.bodies import body_of
from annotation.api.research import studies_of
from annotation.models import Study
from annotation.services.reviews import (
    addresses_of,
    open_review,
    open_round,
    planned_round,
    proposals_from_labels,
    proposals_from_lines,
    raters_of,
)

#: What errors call lines that were sent.
LINES = "the proposals"
MAX_CHARACTERS = 2_000_000


class NewReviewBody(serializers.Serializer[Any]):
    slug = serializers.SlugField(max_length=80, help_text="of the new study")
    lines = serializers.CharField(
        default=None,
        allow_null=True,
        allow_blank=True,
        max_length=MAX_CHARACTERS,
        trim_whitespace=False,
        help_text='JSON lines {"item": key, "question": key, "value": answer}; null: the newest labels of the study',
    )
    source = serializers.CharField(  # type: ignore[assignment]
        default="", allow_blank=True, max_length=200, help_text="who or what made the lines; empty: a file"
    )


class NewRoundBody(serializers.Serializer[Any]):
    criteria = serializers.ListField(
        child=serializers.CharField(max_length=200),
        allow_empty=False,
        help_text="<question>.share_below=<0..1> or <question>.range_above=<number>; items that meet one go back",
    )
    raters = serializers.ListField(
        child=serializers.CharField(max_length=80),
        default=None,
        allow_null=True,
        help_text="pseudonyms; null: everybody whose answers to the study count",
    )


class NewReviewShape(serializers.Serializer[Any]):
    study = serializers.CharField(help_text="slug of what was made")
    title = serializers.CharField()
    items = serializers.IntegerField()
    proposals = serializers.IntegerField()
    invite_path = serializers.CharField()


class AddressShape(serializers.Serializer[Any]):
    """A rater's own link into a round; whoever has it answers as her."""

    rater = serializers.CharField()
    path = serializers.CharField()


class NewRoundShape(serializers.Serializer[Any]):
    study = serializers.CharField(help_text="slug of what was made")
    title = serializers.CharField()
    round = serializers.IntegerField()
    items = serializers.IntegerField()
    addresses = AddressShape(many=True)


class RoundPlanShape(serializers.Serializer[Any]):
    study = serializers.CharField(help_text="slug that the round would have")
    round = serializers.IntegerField()
    items = serializers.IntegerField(help_text="that meet one of the criteria")
    of = serializers.IntegerField(help_text="items of the study")
    raters = serializers.ListField(
        child=serializers.CharField(), help_text="pseudonyms of those whose answers count"
    )


def _base(request: Request, slug: str) -> Study:
    return get_object_or_404(studies_of(request), slug=slug)


def _criteria(given: list[str]) -> list[Criterion]:
    return [Criterion.read(text) for text in given]


def _addresses(study: Study) -> list[dict[str, str]]:
    return [{"rater": rater, "path": path} for rater, path in addresses_of(study).items()]


class ReviewsView(APIView):
    @extend_schema(
        request=NewReviewBody,
        responses={201: NewReviewShape},
        operation_id="studies_review",
        examples=[
            OpenApiExample("The newest labels", {"slug": "emotions-checked"}, request_only=True),
            OpenApiExample(
                "A model's predictions",
                {
                    "slug": "emotions-checked",
                    "source": "model M",
                    "lines": '{"item": "a.mp4", "question": "emotion", "value": {"labels": ["joy"]}}',
                },
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Start a study whose raters confirm or edit a proposal for each item of this one."""
        base = _base(request, slug)
        body = body_of(NewReviewBody, request)
        lines: str | None = body["lines"]
        proposed = proposals_from_labels(base) if lines is None else proposals_from_lines(base, lines, LINES)
        source = body["source"] or (f"labels of {base.slug}" if lines is None else "file")
        made = open_review(
            base=base, slug=body["slug"], proposed=proposed, source=source,
            requested_by=researcher(request).email,
        )  # fmt: skip
        told = {
            "study": made.slug,
            "title": made.title,
            "items": made.study_items.count(),
            "proposals": len(proposed),
            "invite_path": f"/s/{made.invite_code}",
        }
        return Response(told, status=status.HTTP_201_CREATED)


class RoundsView(APIView):
    @extend_schema(
        request=NewRoundBody,
        responses={201: NewRoundShape},
        operation_id="studies_round",
        examples=[
            OpenApiExample(
                "Where less than 60 % agree, to two raters",
                {"criteria": ["emotion.share_below=0.6"], "raters": ["r-ab12", "r-cd34"]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Start the next consensus round: items on which raters disagreed go back to them with all answers."""
        base = _base(request, slug)
        body = body_of(NewRoundBody, request)
        made = open_round(
            base=base,
            criteria=_criteria(body["criteria"]),
            raters=raters_of(base) if body["raters"] is None else body["raters"],
            requested_by=researcher(request).email,
        )
        told = {
            "study": made.study.slug,
            "title": made.study.title,
            "round": made.study.round,
            "items": made.items,
            "addresses": _addresses(made.study),
        }
        return Response(told, status=status.HTTP_201_CREATED)


class RoundPlanView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter(
                "where",
                str,
                many=True,
                description="a criterion, such as emotion.share_below=0.6; may be repeated",
            )
        ],
        responses=RoundPlanShape,
        operation_id="studies_round_plan",
    )
    def get(self, request: Request, slug: str) -> Response:
        """What the next consensus round would be. Nothing is stored."""
        plan = planned_round(_base(request, slug), _criteria(request.query_params.getlist("where")))
        told = {
            "study": plan.slug,
            "round": plan.number,
            "items": plan.items,
            "of": plan.of,
            "raters": plan.raters,
        }
        return Response(told)


class AddressesView(APIView):
    @extend_schema(responses=AddressShape(many=True), operation_id="studies_addresses")
    def get(self, request: Request, slug: str) -> Response:
        """The personal link of each rater of a consensus round; empty for other studies."""
        return Response(_addresses(_base(request, slug)))
