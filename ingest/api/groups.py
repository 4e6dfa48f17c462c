"""Making items of several parts."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from ingest.services.drafts import Design, GroupRequest
from ingest.services.groups import KINDS, make_groups


class GroupsBody(serializers.Serializer[Any]):
    """See `ingest.services.drafts.GroupRequest`."""

    design = serializers.ChoiceField(get_args(Design))
    name = serializers.SlugField(max_length=80)
    seed = serializers.IntegerField(default=0, min_value=0)
    within = serializers.CharField(default=None, allow_null=True)
    per_item = serializers.IntegerField(default=4, min_value=2)
    size = serializers.IntegerField(default=4, min_value=3, max_value=26)
    factor = serializers.FloatField(default=2.0, min_value=0.1, max_value=100)
    match_on = serializers.CharField(default="name")
    fixed_kind = serializers.CharField(default="image")
    other_kind = serializers.CharField(default="text")
    candidates = serializers.IntegerField(default=3, min_value=2, max_value=26)
    rate_hz = serializers.FloatField(default=None, allow_null=True, min_value=0.01, max_value=240)
    still_s = serializers.FloatField(default=None, allow_null=True, min_value=0.004, max_value=3600)
    timed_by = serializers.CharField(default=None, allow_null=True)


class MadeGroupsShape(serializers.Serializer[Any]):
    """``unmatched``: keys of the items that found no partner."""

    collection = serializers.CharField(source="collection.name")
    kind = serializers.ChoiceField(KINDS)
    n_groups = serializers.IntegerField()
    unmatched = serializers.ListField(child=serializers.CharField())


class GroupsView(APIView):
    @extend_schema(
        request=GroupsBody, responses={201: MadeGroupsShape}, operation_id="collections_make_groups"
    )
    def post(self, request: Request, name: str) -> Response:
        """Put items of a collection together: pairs, tuples, captioned pictures, image sequences ..."""
        given = GroupsBody(data=request.data)
        given.is_valid(raise_exception=True)
        who = researcher(request)
        made = make_groups(
            organisation_id=who.organisation_id,
            collection=name,
            request=GroupRequest(**given.validated_data),
            requested_by=who.email,
        )
        return Response(MadeGroupsShape(made).data, status=status.HTTP_201_CREATED)
