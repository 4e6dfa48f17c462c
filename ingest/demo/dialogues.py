"""Short everyday dialogues, written for this demo; nobody said them.

Each line is (speaker, emotion that the line is meant to carry, text); the emotions are MELD's seven.
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scene:
    file: str
    key: str
    title: str
    lines: tuple[tuple[str, str, str], ...]


SCENES = (
    Scene(
        "kitchen.json",
        "burnt-cake",
        "The burnt cake",
        (
            ("Nora", "neutral", "Did you set the timer for the cake?"),
            ("Tom", "surprise", "The timer? I thought you had set it!"),
            ("Nora", "fear", "Oh no. There is smoke coming out of the oven."),
            ("Tom", "anger", "Great. Three hours of work, and now it is charcoal."),
            ("Nora", "sadness", "It was meant for Grandma. She was looking forward to it so much."),
            ("Tom", "neutral", "The bakery on the corner is open until six."),
            ("Nora", "joy", "You are right, and they have her favourite, the one with cherries!"),
        ),
    ),
    Scene(
        "kitchen.json",
        "back-of-the-fridge",
        "At the back of the fridge",
        (
            ("Ben", "neutral", "I am going to clean the fridge today."),
            ("Mia", "joy", "You are my hero, I have put that off for weeks."),
            ("Ben", "disgust", "What is this? It is green and it has hair on it."),
            ("Mia", "neutral", "That should be the soup from last month."),
            ("Ben", "disgust", "The smell! I think I am going to be sick."),
            ("Mia", "surprise", "Wait, is that my ring at the bottom of the jar?"),
            ("Ben", "joy", "It is! Two months of searching, and it was in the soup!"),
            ("Mia", "joy", "I take it all back, best soup I ever made."),
        ),
    ),
    Scene(
        "station.json",
        "last-train",
        "The last train",
        (
            ("Iris", "neutral", "Which platform does the train to the coast leave from?"),
            ("Guard", "neutral", "Platform four, but it left a minute ago."),
            ("Iris", "surprise", "A minute ago? The board says it is late!"),
            ("Guard", "neutral", "The board was wrong. I am sorry, that was the last one tonight."),
            ("Iris", "anger", "That is the third time this week that your board was wrong!"),
            ("Iris", "sadness", "My sister is leaving tomorrow, and now I will not see her again this year."),
            ("Guard", "joy", "Hold on, there is a night bus in ten minutes. You will make it!"),
        ),
    ),
    Scene(
        "station.json",
        "lost-bag",
        "The lost bag",
        (
            ("Olga", "fear", "My bag is gone. My passport is in it."),
            ("Sami", "neutral", "Where did you have it last?"),
            ("Olga", "fear", "On the bench, and then those two men sat down next to me."),
            ("Sami", "anger", "I told you to keep it on your lap, did I not?"),
            ("Olga", "sadness", "Please do not shout at me, I feel bad enough."),
            ("Sami", "surprise", "Look, the child over there is carrying a blue bag!"),
            ("Olga", "joy", "That is mine! She was taking it to the lost property office, bless her."),
        ),
    ),
    Scene(
        "office.json",
        "promotion",
        "The promotion",
        (
            ("Lena", "neutral", "The boss wants to see you at three."),
            ("Raj", "fear", "Did she say why? They let two people go last week."),
            ("Lena", "neutral", "She did not say anything, only that you should bring your report."),
            ("Raj", "surprise", "Lena, she has made me head of the whole team!"),
            ("Lena", "joy", "I knew it! Nobody has earned it more than you."),
            ("Raj", "sadness", "It means that we will not share this office any more, though."),
        ),
    ),
    Scene(
        "office.json",
        "shared-mug",
        "The shared mug",
        (
            ("Paul", "neutral", "Has anyone seen the mug with the whale on it?"),
            ("Vera", "neutral", "I think Kim took it into the meeting."),
            ("Paul", "anger", "It has my name on it. It is always the same with you people."),
            ("Vera", "surprise", "Wow, all this because of a mug?"),
            ("Paul", "sadness", "It is the last thing that my father gave me."),
            ("Vera", "sadness", "I did not know that. I am so sorry, Paul."),
            ("Paul", "joy", "There it is, and without a scratch. Thank you."),
        ),
    ),
)


def files() -> tuple[str, ...]:
    return tuple(dict.fromkeys(scene.file for scene in SCENES))


def make_dialogues(file: str, out: Path) -> None:
    dialogues = [
        {
            "id": scene.key,
            "title": scene.title,
            "utterances": [{"speaker": speaker, "text": text} for speaker, _, text in scene.lines],
        }
        for scene in SCENES
        if scene.file == file
    ]
    document = {"note": "synthetic: written for a demo, nobody said this", "dialogues": dialogues}
    out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def emotions(file: str) -> dict[str, str]:
    """Emotion meant per item, by the part of the item's key that follows the file name."""
    return {
        f"{scene.key}/{number}": emotion
        for scene in SCENES
        if scene.file == file
        for number, (_, emotion, _) in enumerate(scene.lines, start=1)
    }
