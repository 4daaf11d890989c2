"""The local choices that a district needs before its streets can run the procedure of 最低生活保障, as its bureau would record them.

Every one is listed in docs/demonstration.md. Standards, shares and telephones are invented.
"""

import datetime as dt
from typing import Any

from common.actors import Actor
from policies.packfiles import proposals, written
from policies.services.choices import record_local_choice

REASON = "示例：区民政局局务会议研究确定，参照全国基线"
DIBAO: dict[str, Any] = {
    "int.accept_days": {"n": 3, "unit": "working_day", "start": "application", "grace": True},
    "chk.start_days": {"n": 3, "unit": "working_day", "start": "acceptance", "grace": True},
    "dec.limit.dibao": {"n": 30, "unit": "working_day", "start": "acceptance", "excludes": ["publicity"]},
    "dec.confirm_days_after_publicity": {"n": 10, "unit": "working_day", "start": "publicity_end", "grace": True},
    "dec.signoffs": ["deputy_leader", "principal_leader"],
    "dec.first_month": "next_month",
    "chk.report_max_age_days": 180,
    "calc.method": "topup",
    "calc.standard.dibao": "1080.00",
    "calc.employment_cost_ratio": "1/5",
    "calc.rounding": {"unit": "0.01", "mode": "half_up"},
    "calc.topups": [
        {"category": "severely_disabled", "share": "3/10"},
        {"category": "severely_ill", "share": "3/10"},
        {"category": "minor", "share": "1/5"},
        {"category": "elderly", "share": "1/10"},
    ],
    "pub.end_moves": "none",
    "pub.make_up_lost_days": True,
    "pub.hotline": "022-00000000",
    "mat.application.DIBAO": [
        {"code": "application_form", "required": True, "situation": "全部", "obtainable": False},
        {"code": "id_card", "required": True, "situation": "全部", "obtainable": True},
        {"code": "hukou_book", "required": True, "situation": "全部", "obtainable": True},
        {"code": "income_proof", "required": False, "situation": "有收入的成员", "obtainable": False},
        {"code": "disability_card", "required": False, "situation": "有残疾的成员", "obtainable": True},
        {"code": "illness_proof", "required": False, "situation": "有重病的成员", "obtainable": False},
        {"code": "bank_card", "required": True, "situation": "全部", "obtainable": False},
    ],
}

SEVEN_DAYS = {"n": 7, "unit": "calendar_day", "start": "posting"}
SHARED = {
    key: DIBAO[key]
    for key in (
        "calc.method", "calc.standard.dibao", "calc.employment_cost_ratio", "calc.rounding", "calc.topups", "dec.first_month",
        "mat.application.DIBAO", "pub.hotline",
    )
}  # fmt: skip
"""What no document states and every district has to choose."""
OF_PACK: dict[str, dict[str, Any]] = {
    "tianjin-district-2022": DIBAO,
    "yuquan-2020": SHARED | {"pub.days": SEVEN_DAYS, "pub.hotline": "0471-00000000"},
    "jincheng-chengqu-2023": SHARED
    | {
        "pub.days": SEVEN_DAYS, "pub.hotline": "0356-00000000",
        "dec.signoffs": ["deputy_leader", "principal_leader"],
    },
    "nankai-2022": SHARED
    | {
        "pub.days": SEVEN_DAYS, "stages.DIBAO": written(proposals()["stages.DIBAO"][0].value),
        "dec.limit.dibao": DIBAO["dec.limit.dibao"],
    },
}  # fmt: skip
"""The choices of each district by its pack: what its document leaves open and its procedure needs."""


def record_choices(
    supervisor: Actor, district_code: str, valid_from: dt.date, pack: str = "tianjin-district-2022"
) -> int:
    """Record all of them for a district, by its supervisor. Returns how many."""
    for parameter, value in OF_PACK[pack].items():
        record_local_choice(
            supervisor, parameter=parameter, area_code=district_code, value=value, reason=REASON, valid_from=valid_from
        )
    return len(OF_PACK[pack])
