"""What of an item other rooms' API answers show in the same form."""

from typing import Any

from rest_framework import serializers


class MediaShape(serializers.Serializer[Any]):
    url = serializers.CharField()
    media_type = serializers.CharField()


class UtteranceShape(serializers.Serializer[Any]):
    speaker = serializers.CharField()
    text = serializers.CharField()
    target = serializers.BooleanField()
