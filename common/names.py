"""Names as people search them: full pinyin and initials, surnames read as surnames (单 is shàn)."""

from pypinyin import Style, lazy_pinyin, load_single_dict

SURNAMES = {
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "曾": "zeng",
    "朴": "piao",
    "盖": "ge",
    "尉": "yu",
    "任": "ren",
}

load_single_dict({ord("葛"): "gě"})


def pinyin_key(name: str) -> tuple[str, str]:
    """`李桂兰` → ("liguilan", "lgl"); letters stay as they are, in lower case."""
    if not name:
        return "", ""
    syllables = lazy_pinyin(name.strip(), style=Style.NORMAL)
    if name[0] in SURNAMES and syllables:
        syllables[0] = SURNAMES[name[0]]
    parts = [part.lower() for part in syllables if part.strip()]
    return "".join(parts), "".join(part[0] for part in parts)
