"""Names of emotions in further languages, and short definitions.

Both are this library's own: the papers name and define their labels in their own language, and no
translation here has been validated as an instrument. A study that has a validated wording gives its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES = ("es", "zh", "ar")

# English name: Spanish, Chinese, Arabic. The kind of word is kept: "anger" is a noun, "angry" is none.
_WORDS = {
    "admiration": ("admiración", "钦佩", "إعجاب"),
    "adoration": ("adoración", "爱慕", "هيام"),
    "affection": ("afecto", "喜爱", "مودة"),
    "amusement": ("diversión", "好笑", "تسلية"),
    "anger": ("ira", "愤怒", "غضب"),
    "angry": ("enfadado", "生气的", "غاضب"),
    "annoyance": ("molestia", "恼火", "انزعاج"),
    "anticipation": ("anticipación", "期待", "ترقب"),
    "anxiety": ("ansiedad", "焦虑", "قلق"),
    "approval": ("aprobación", "赞同", "استحسان"),
    "astonished": ("asombrado", "惊讶的", "مندهش"),
    "awe": ("asombro reverente", "敬畏", "رهبة"),
    "boredom": ("aburrimiento", "无聊", "ملل"),
    "caring": ("cuidado", "关怀", "اهتمام"),
    "confusion": ("confusión", "困惑", "حيرة"),
    "contempt": ("desprecio", "轻蔑", "ازدراء"),
    "contentment": ("satisfacción serena", "满足", "رضا"),
    "curiosity": ("curiosidad", "好奇", "فضول"),
    "depressed": ("deprimido", "沮丧的", "مكتئب"),
    "desire": ("deseo", "渴望", "رغبة"),
    "disappointment": ("decepción", "失望", "خيبة أمل"),
    "disapproval": ("desaprobación", "不赞同", "استنكار"),
    "disgust": ("asco", "厌恶", "اشمئزاز"),
    "disgusted": ("asqueado", "厌恶的", "مشمئز"),
    "embarrassment": ("vergüenza", "尴尬", "إحراج"),
    "excitement": ("entusiasmo", "兴奋", "حماس"),
    "fear": ("miedo", "恐惧", "خوف"),
    "grateful": ("agradecido", "感激的", "ممتن"),
    "gratitude": ("gratitud", "感激", "امتنان"),
    "grief": ("duelo", "悲痛", "حزن شديد"),
    "happiness": ("felicidad", "快乐", "سعادة"),
    "happy": ("feliz", "高兴的", "سعيد"),
    "helplessness": ("impotencia", "无助", "عجز"),
    "joy": ("alegría", "喜悦", "فرح"),
    "love": ("amor", "爱", "حب"),
    "negative": ("negativo", "消极", "سلبي"),
    "nervousness": ("nerviosismo", "紧张", "توتر"),
    "neutral": ("neutral", "中性", "محايد"),
    "optimism": ("optimismo", "乐观", "تفاؤل"),
    "positive": ("positivo", "积极", "إيجابي"),
    "pride": ("orgullo", "自豪", "فخر"),
    "realization": ("comprensión repentina", "恍然大悟", "إدراك"),
    "relaxed": ("relajado", "放松的", "مسترخ"),
    "relief": ("alivio", "宽慰", "ارتياح"),
    "remorse": ("remordimiento", "懊悔", "ندم"),
    "sad": ("triste", "悲伤的", "حزين"),
    "sadness": ("tristeza", "悲伤", "حزن"),
    "shame": ("vergüenza propia", "羞耻", "خزي"),
    "surprise": ("sorpresa", "惊讶", "مفاجأة"),
    "trust": ("confianza", "信任", "ثقة"),
    "worried": ("preocupado", "担心的", "قلِق"),
}

NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {name: MappingProxyType(dict(zip(LANGUAGES, words, strict=True))) for name, words in _WORDS.items()}
)

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "amusement": "finding something funny",
        "anger": "feeling against whoever or whatever is in the way or does wrong",
        "anticipation": "looking ahead to what will come",
        "awe": "being overwhelmed by something great",
        "contempt": "looking down on somebody as worth little",
        "contentment": "quiet satisfaction with how things are",
        "disgust": "wanting to get away from something foul",
        "excitement": "eager and stirred up by something good",
        "fear": "feeling threatened",
        "happiness": "feeling that things are good",
        "joy": "lively gladness",
        "neutral": "no emotion to speak of",
        "sadness": "feeling a loss",
        "surprise": "meeting something that was not expected",
        "trust": "feeling safe to rely on somebody or something",
    }
)
