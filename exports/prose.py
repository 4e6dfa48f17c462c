"""What only a researcher can say about a dataset; the rest of its card is generated."""

from rest_framework import serializers

from annotation.facade import StrictSerializer

K = 5  # the fewest people of a band, as in common rules for publishing small counts


def _prose(help_text: str) -> serializers.CharField:
    return serializers.CharField(default="", allow_blank=True, help_text=help_text)


class CardSerializer(StrictSerializer):
    """Prose in Markdown for the datasheet, the data statement and croissant.json; left out: said to be not stated."""

    authors = serializers.ListField(child=serializers.CharField(), default=list)
    motivation = _prose("why the dataset was made, by whom, with whose money")
    collection_process = _prose("how and when the items were collected, with what consent")
    curation_rationale = _prose("which items were chosen, and why")
    language_variety = _prose("varieties of the languages, beside their tags")
    speech_situation = _prose("when and where, spontaneous or acted, to whom")
    text_characteristics = _prose("genre, topics")
    sensitive = _prose("what could identify or hurt somebody, such as faces, health, violence")
    intended_uses = _prose("what it is for")
    forbidden_uses = _prose("what it must not be used for")
    limitations = _prose("known biases and gaps")
    pay = _prose("what raters were paid, and how that compares with the minimum wage")
    ethics = _prose("review board, number of the approval")
    maintenance = _prose("who keeps it, how to reach them")
    smallest_band = serializers.IntegerField(
        default=K, min_value=2, help_text="demographics are told in bands of at least so many people"
    )
