"""What people say at The Harbor. `{t}` is the sentence's token, `{v}` a planted value or a decoy."""

SAY: dict[str, tuple[str, ...]] = {
    "en": (
        "The tide table {t} is wrong again.",
        "I left the blue rope by crate {t}, help yourselves.",
        "Has anybody seen the key to shed {t}?",
        "Honestly, {t} was the best evening of the year 🌊",
        "I would rather not say this in the open: {t}.",
        "Fog until noon, says {t}, and then sun.",
        "I cannot sleep, so I am counting lamps, {t}.",
        "My engine makes the {t} noise once more.",
        "Thanks, {t}, that really helped me yesterday.",
        "Who takes the watch after {t}?",
    ),
    "de": (
        "Die Gezeitentafel {t} stimmt schon wieder nicht.",
        "Ich habe das blaue Seil bei Kiste {t} liegen lassen.",
        "Weiß jemand, wo der Schlüssel zu Schuppen {t} ist?",
        "Ehrlich, {t} war der schönste Abend im Jahr 🌊",
        "Das möchte ich nicht öffentlich sagen: {t}.",
        "Nebel bis mittags, meint {t}, danach Sonne.",
        "Mein Motor macht wieder dieses {t}-Geräusch.",
        "Wer übernimmt die Wache nach {t}?",
    ),
    "fr": (
        "La table des marées {t} est encore fausse.",
        "J’ai laissé la corde bleue près de la caisse {t}.",
        "Quelqu’un a vu la clé du hangar {t} ?",
        "Franchement, {t} était la plus belle soirée 🌊",
        "Je préfère ne pas le dire en public : {t}.",
        "Brouillard jusqu’à midi, dit {t}, puis soleil.",
        "Qui prend le quart après {t} ?",
    ),
    "es": (
        "La tabla de mareas {t} está mal otra vez.",
        "Dejé la cuerda azul junto a la caja {t}.",
        "¿Alguien ha visto la llave del cobertizo {t}?",
        "De verdad, {t} fue la mejor noche del año 🌊",
        "Prefiero no decirlo en público: {t}.",
        "¿Quién toma la guardia después de {t}?",
    ),
    "pt": (
        "A tabela das marés {t} está errada de novo.",
        "Deixei a corda azul perto da caixa {t}.",
        "Alguém viu a chave do galpão {t}?",
        "Sinceramente, {t} foi a melhor noite do ano 🌊",
        "Prefiro não dizer isto em público: {t}.",
        "Quem assume a vigia depois de {t}?",
    ),
}

ODD = (
    "<script>alert('{t}')</script>",
    "{{{{7*7}}}} {t}",
    '=HYPERLINK("https://{t}.example") &amp; more',
    "\u202e{t} drawkcab",
    "مساء الخير {t} من الميناء",
    "ערב טוב {t} מהנמל",
    "今夜の見張り {t} は誰ですか。",
    "{t}\r\nBcc: everyone@post_office",
    "```\nselect * from members where name = '{t}' --\n```",
    "👩‍🚀🏴‍☠️ {t} 🇫🇷",
)
"""Now and then somebody pastes such a thing."""

PLANT: dict[str, tuple[str, ...]] = {
    "email": (
        "Write to me at {v}. The word is {t}.",
        "⚓🌊 Mail me ({v}), subject {t}!",
        "{t}: **{v}**",
        "My other address, {t}, is <{v}>",
        "{v} is what I use for {t}",
        "For the {t} list it is ||{v}||, thanks 🙏",
    ),
    "phone": (
        "Call me tonight about {t}: {v}.",
        "⚓ My number for {t} is {v}, after eight.",
        "{v} – ask for {t}",
        "**{v}** (say {t})",
        "If {t} goes wrong, ring {v}!",
    ),
    "ip": (
        "The server of {t} says my address is {v}.",
        "{v} cannot connect, error {t}",
        "Please let `{v}` through for {t}",
        "🛰️ I come from {v}, {t} knows",
    ),
    "card": (
        "The boat fund {t} can be paid with {v}.",
        "I typed {v} into {t}, was that foolish?",
        "💳 {v} – for {t} only",
        "Charge `{v}` for {t}, please",
    ),
}
"""Sentences around a planted value: with punctuation, markup and emoji next to it, because people write so."""

DECOY = (
    "Look what {v} said about {t}.",
    "{v} – see {t}",
    "As of {v}, {t} is settled.",
    "🧭 {t}: {v}",
)


def fill(sentence: str, token: str, value: str = "") -> tuple[str, int]:
    """The finished sentence and where in it the value begins, in code points (-1 without one)."""
    before, slot, after = sentence.partition("{v}")
    before, after = before.format(t=token), after.format(t=token)
    return (before + value + after, len(before)) if slot else (before, -1)
