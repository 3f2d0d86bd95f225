"""What the community chatters: halves of messages, put together to millions of different ones."""

from random import Random

HALVES = 4096
"""Of each pool; two halves make 16.8 million messages."""

_PLAIN = (
    "the a we you they it this that is was are be have has had will would can could should do did does not and "
    "but or so if when then there here now today tomorrow yesterday again still just only also very really "
    "maybe think know see look go come get got make made take give want need try tried work works working "
    "broken fix fixed bug server bot channel message thread post role mod admin event game music art photo "
    "video stream night morning lunch coffee rain train city house garden dog cat team match score level map "
    "build update patch release test code page link list thanks please sorry hello hey yes no okay sure lol "
    "haha wow nice cool good great bad weird funny late early long short new old first last next same other "
    "more less some any all every nobody somebody people friend"
)
_ASCII = _PLAIN.split()
_BEYOND = (
    "привет спасибо сегодня завтра работает сервер вопрос ответ хорошо "
    "今日 明日 ありがとう サーバー 質問 写真 音楽 مرحبا شكرا"
    "اليوم غدا سؤال جواب größe straße schön über café déjà être garçon mañana niño zażółć gęślą 😀 🎉 👍 ❤️ 🔥 🙏"
)
_OTHER = _BEYOND.split()


def halves(seed: int, *, other: bool = False) -> list[str]:
    """A pool of halves of about 38 bytes. Other: scripts and signs beyond ASCII among the words."""
    rng = Random(f"{seed}/words/{other}")
    return [_half(rng, other) for _ in range(HALVES)]


def _half(rng: Random, other: bool) -> str:
    words = [rng.choice(_ASCII) for _ in range(rng.randint(3, 12))]
    for at in range(len(words)) if other else ():
        if rng.random() < 0.6:
            words[at] = rng.choice(_OTHER)
    style = rng.random()
    if style < 0.06:
        words[-1] = f"**{words[-1]}**"
    elif style < 0.09:
        words[0] = f'"{words[0]}"'
    elif style < 0.12:
        words[len(words) // 2] += ","
    elif style < 0.13:
        words[0] = f"> {words[0]}\n"
    elif style < 0.14:
        words[-1] = f"`{words[-1]}\\n`"
    return " ".join(words)
