"""The HTTP API for two raters who talk: find each other, say something, ask for news, end, leave."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.bodies import body_of
from annotation.api.rate import RaterView
from annotation.api.rate_auth import participation_of
from annotation.services import dialogues, pairing
from annotation.services.dialogues import News
from annotation.talk import DialogueState, Message, Seat, Sign

PARTNER = ("here", "writing", "away", "gone", "left")
MOST_CHARACTERS = 5000


class SayBody(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MOST_CHARACTERS)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, allow_blank=True, default="", help_text="one of turn_labels, where one's role has them"
    )


class LookQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    sign = serializers.ChoiceField(Sign.choices, default=Sign.HERE)


class MessageShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seq = serializers.IntegerField(help_text="from 1, the same for both")
    mine = serializers.BooleanField()
    text = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="of one's own messages only"
    )
    said_at = serializers.DateTimeField()


class DialogueShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(DialogueState.choices)
    role = serializers.CharField(allow_null=True, help_text="null while one waits")
    waited_s = serializers.FloatField(allow_null=True, help_text="null once there is a partner")
    partner = serializers.ChoiceField(PARTNER, allow_null=True)
    turns = serializers.IntegerField()
    my_turn = serializers.BooleanField()
    may_end = serializers.BooleanField(help_text="enough was said to hand it in")
    messages = MessageShape(many=True, help_text="those after `after`")
    answer = serializers.DictField(allow_null=True, help_text="what is to be submitted, once it has ended")


def shape(told: News) -> dict[str, Any]:
    seat = told.seat
    waits = seat.dialogue.state == DialogueState.WAITING
    return {
        "id": seat.dialogue_id,
        "state": seat.dialogue.state,
        "role": seat.role or None,
        "waited_s": (timezone.now() - seat.arrived_at).total_seconds() if waits else None,
        "partner": told.partner,
        "turns": told.turns,
        "my_turn": told.my_turn,
        "may_end": told.may_end,
        "messages": [_message(one, seat) for one in told.messages],
        "answer": seat.answer,
    }


def _message(row: Message, reader: Seat) -> dict[str, Any]:
    mine = row.seat_id == reader.pk
    return {
        "id": row.id,
        "seq": row.seq,
        "mine": mine,
        "text": row.text,
        "label": (row.label or None) if mine else None,
        "said_at": row.said_at,
    }


class SeatView(RaterView):
    @extend_schema(responses={200: DialogueShape, 204: None}, operation_id="rate_own_dialogue")
    def get(self, request: Request, assignment_id: UUID) -> Response:
        """The dialogue that I wait for, have, or had, about this item; 204 where there is none."""
        seat = pairing.seat_at(participation_of(request).id, assignment_id)
        if seat is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(shape(dialogues.news(seat)))

    @extend_schema(request=None, responses=DialogueShape, operation_id="rate_enter_dialogue")
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Look for a partner. Repeated while one waits, it says that one is still there; else it is harmless."""
        seat = pairing.enter(participation_id=participation_of(request).id, assignment_id=assignment_id)
        return Response(shape(dialogues.news(seat)))


class DialogueView(RaterView):
    @extend_schema(
        responses=DialogueShape,
        operation_id="rate_dialogue",
        parameters=[
            OpenApiParameter("after", int, description="seq of the newest message that one has"),
            OpenApiParameter("sign", str, enum=Sign.values, description="what the partner is told of me"),
        ],
    )
    def get(self, request: Request, dialogue_id: UUID) -> Response:
        """What is new; asked for about every second, it also says that I am there."""
        asked = LookQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        me = participation_of(request)
        return Response(
            shape(dialogues.look(participation_id=me.id, dialogue_id=dialogue_id, **asked.validated_data))
        )


class MessageView(RaterView):
    @extend_schema(request=SayBody, responses=MessageShape, operation_id="rate_say")
    def put(self, request: Request, dialogue_id: UUID, message_id: UUID) -> Response:
        """Say something; the same message again is harmless. The answer comes after the commit."""
        row = dialogues.say(
            participation_id=participation_of(request).id,
            dialogue_id=dialogue_id,
            message_id=message_id,
            **body_of(SayBody, request),
        )
        return Response(_message(row, row.seat))


class EndView(RaterView):
    @extend_schema(request=None, responses=DialogueShape, operation_id="rate_end_dialogue")
    def post(self, request: Request, dialogue_id: UUID) -> Response:
        """Say that the dialogue is over, for both; repeating it is harmless."""
        seat = dialogues.end(participation_id=participation_of(request).id, dialogue_id=dialogue_id)
        return Response(shape(dialogues.news(seat)))


class LeaveView(RaterView):
    @extend_schema(request=None, responses={204: None}, operation_id="rate_leave_dialogue")
    def post(self, request: Request, dialogue_id: UUID) -> Response:
        """Go away from a dialogue that has not ended, or stop waiting for one."""
        dialogues.leave(participation_id=participation_of(request).id, dialogue_id=dialogue_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
