"""A document that nobody has written, as a pack file: another order of stages and other figures than any of the five."""

KEY, CODE, TITLE = "example-sixth-2026", "900", "示例第六区社会救助办法"

HEAD = f"""
key = "{KEY}"
jurisdiction = "示例第六区"

[document]
code = "{CODE}"
title = "{TITLE}"
issuer = "示例第六区民政局"
date = 2025-12-01
effective_from = 2026-01-01
status = "in_force"

[basis]
SUR-01 = "{CODE} 第三条"
APP-06 = "{CODE} 第四条"
DEC-14 = "{CODE} 第六条"
PUB-06 = "{CODE} 第五条"

[[stage_source]]
programmes = ["DIBAO"]
citation = "{CODE} 第二条"
original = "初审后公示，签批后再公示，决定后第三次公示"
"""

PARAMETERS = {
    "int.accept_days": ('{ n = 2, unit = "calendar_day" }', 'clock_start = "application"'),
    "dec.limit.dibao": ('{ n = 45, unit = "working_day" }', 'clock_start = "acceptance"\nexcludes = ["publicity"]'),
    "dec.filing_days": ('{ n = 3, unit = "working_day" }', 'clock_start = "decision"'),
    "pub.days": ('{ n = 5, unit = "working_day" }', 'clock_start = "posting"'),
    "pub.end_moves": ('"none"', ""),
    "pub.hotline": ('"0000-12345"', ""),
    "app.mode": ('"always"', ""),
    "sur.investigators_min": ("2", ""),
    "dec.signoffs": ('["deputy_leader", "deputy_leader", "principal_leader"]', ""),
    "dec.first_month": ('"same_month"', ""),
    "calc.method": ('"topup"', ""),
    "calc.standard.dibao": ('"905.50"', ""),
    "calc.rounding": ('{ unit = "10", mode = "up" }', ""),
    "mat.application.DIBAO": ('[{ code = "application_form", required = true, situation = "全部", obtainable = false }]', ""),
}  # fmt: skip

STAGES = (
    ("intake", "INTAKE", "申请", ()),
    ("acceptance", "ACCEPTANCE", "受理", ("intake",)),
    ("economic_check", "ECONOMIC_CHECK", "先行核对", ("acceptance",)),
    ("survey", "SURVEY", "入户调查", ("economic_check",)),
    ("appraisal", "APPRAISAL", "民主评议", ("survey",)),
    ("initial_review", "INITIAL_REVIEW", "初审", ("appraisal",)),
    ("first_round", "PUBLICITY", "第一次公示", ("initial_review",)),
    ("sign_off", "SIGN_OFF", "签批", ("first_round",)),
    ("second_round", "PUBLICITY", "第二次公示", ("sign_off",)),
    ("decision", "DECISION", "决定", ("second_round",)),
    ("third_round", "PUBLICITY", "第三次公示", ("decision",)),
    ("filing", "FILING", "备案", ("third_round",)),
    ("delivery", "DELIVERY", "送达", ("filing",)),
    ("payment_start", "PAYMENT_START", "起发", ("delivery",)),
)


def stage(key, step, title, after, when="always", programme="DIBAO"):
    """One stage as a pack writes it."""
    waits = ", ".join(f'"{one}"' for one in after)
    return (
        f'[[stage]]\nprogramme = "{programme}"\nkey = "{key}"\nstep = "{step}"\ntitle = "{title}"\n'
        f'after = [{waits}]\nwhen = "{when}"\n'
    )


def parameter(key, value, more):
    return f'[[parameter]]\nkey = "{key}"\nvalue = {value}\n{more}\ncitation = "{CODE} 第七条"\noriginal = "示例"\n'


def write(folder, stages=STAGES):
    """The pack as a file of the folder; returns its path."""
    rows = [parameter(key, value, more) for key, (value, more) in PARAMETERS.items()]
    path = folder / f"{KEY}.toml"
    path.write_text("\n".join([HEAD, *rows, *(stage(*one) for one in stages)]), encoding="utf-8")
    return path
