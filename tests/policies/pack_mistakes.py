"""Mistakes to plant into copies of real packs, and what must be said of each."""

YUQUAN, CHENGQU, JILIN = "yuquan-2020", "jincheng-chengqu-2023", "jilin-2019"
LIMIT = 'key = "dec.limit.dibao"\nvalue = { n = 30, unit = "working_day" }\nclock_start = "acceptance"\nexcludes = ["publicity"]'
FROM_100 = 'scope = { name = "150以下100以上", min_n = 100, min_inclusive = true, max_n = 150, max_inclusive = true }\nvalue = "1/5"'


def stage(programme, key, step, title, after, when="always"):
    """A stage as the packs write it."""
    return (
        f'[[stage]]\nprogramme = "{programme}"\nkey = "{key}"\nstep = "{step}"\ntitle = "{title}"\n'
        f'after = {after}\nwhen = "{when}"'
    )


CHENGQU_APPRAISAL = stage("DIBAO", "appraisal", "APPRAISAL", "民主评议", '["survey"]', "by_choice")
CHENGQU_SIGNING = stage("DIBAO", "sign_off", "SIGN_OFF", "签批", '["initial_review"]')
CHENGQU_DECISION = stage("DIBAO", "decision", "DECISION", "审核确认", '["sign_off"]')
CHENGQU_PUBLICITY = stage("DIBAO", "publicity", "PUBLICITY", "公示", '["decision"]')
CHENGQU_DELIVERY = stage("DIBAO", "delivery", "DELIVERY", "送达", '["publicity"]')
CHENGQU_PAYMENT = stage("DIBAO", "payment_start", "PAYMENT_START", "资金发放", '["delivery"]')
CHENGQU_CHECK = stage("DIBAO", "economic_check", "ECONOMIC_CHECK", "家庭经济状况信息核对", '["acceptance"]')
CHENGQU_INTAKE = stage("DIBAO", "intake", "INTAKE", "申请", "[]")

MISTAKES = {
    "not TOML": (
        YUQUAN,
        'issuer = "呼和浩特市玉泉区民政局"',
        "issuer = 呼和浩特市玉泉区民政局",
        "issuer",
        "不合 TOML 的写法",
    ),
    "a key twice in one table": (
        YUQUAN,
        'number = ""',
        'number = ""\ncode = "001"',
        'code = "001"',
        "不合 TOML 的写法",
    ),
    "an unknown key": (YUQUAN, 'issuer = "', 'isuer = "', "isuer", "不认识“isuer”这一项，最接近的是“issuer”"),
    "an unknown table": (YUQUAN, "[basis]", "[bases]", "[bases]", "不认识“bases”这一项，最接近的是“basis”"),
    "a missing key": (YUQUAN, 'jurisdiction = "呼和浩特市玉泉区"', "", "key", "缺少“jurisdiction”这一项"),
    "a key other than the file's name": (
        YUQUAN,
        'key = "yuquan-2020"',
        'key = "yuquan"',
        "key",
        "和文件名“yuquan-2020.toml”不一致",
    ),
    "a key that is no key": (
        YUQUAN,
        'key = "yuquan-2020"',
        'key = "Yuquan 2020"',
        "key",
        "只能用小写字母、数字和连字符",
    ),
    "a text without room": (
        YUQUAN,
        'issuer = "呼和浩特市玉泉区民政局"',
        f'issuer = "{"局" * 121}"',
        "issuer",
        "“issuer”太长，最多 120 个字",
    ),
    "a moment for a day": (
        YUQUAN,
        "effective_from = 2020-08-03\n",
        "effective_from = 2020-08-03T08:00:00\n",
        "effective_from",
        "应是日期",
    ),
    "a character that cannot be kept": (
        YUQUAN,
        'number = ""',
        'number = "\\u0000"',
        "number",
        "不能保存的字符",
    ),
    "document data missing": (YUQUAN, "effective_from = 2020-08-03\n", "", "[document]", "缺少“effective_from”这一项"),
    "an empty title": (
        YUQUAN,
        'title = "玉泉区社会救助工作责任监督管理制度"',
        'title = ""',
        "title = ",
        "“title”是空的",
    ),
    "a date in quotation marks": (
        YUQUAN,
        "effective_from = 2020-08-03",
        'effective_from = "2020-08-03"',
        "effective_from",
        "应是日期",
    ),
    "an unknown status": (YUQUAN, 'status = "in_force"', 'status = "valid"', "status", "文件状态“valid”不认识"),
    "a parameter not in the catalogue": (
        YUQUAN,
        'key = "dec.monthly_cutoff_day"',
        'key = "dec.monthly_cutof_day"',
        'key = "dec.monthly_cutof_day"',
        "没有“dec.monthly_cutof_day”，最接近的是“dec.monthly_cutoff_day”",
    ),
    "a value of the wrong kind": (YUQUAN, "value = 20\n", 'value = "20日"\n', 'value = "20日"', "1 到 31 的整数"),
    "a day that no month has": (YUQUAN, "value = 20\n", "value = 45\n", "value = 45", "应在 1 到 31 之间"),
    "a truth in quotation marks": (YUQUAN, "value = true", 'value = "yes"', 'value = "yes"', "true 或 false，不加引号"),
    "a ratio as a decimal number": (JILIN, 'value = "3/10"', "value = 0.3", "value = 0.3", "比例，加引号"),
    "neither value nor silence": (
        YUQUAN,
        'value = ["deputy_leader"]',
        "",
        '[[parameter]]\nkey = "dec.signoffs"',
        "二者取一",
    ),
    "an unknown option": (
        YUQUAN,
        'value = ["deputy_leader"]',
        'value = ["vice_leader"]',
        'value = ["vice_leader"]',
        "没有“vice_leader”这个选项",
    ),
    "a post that may not sign": (
        YUQUAN,
        'value = ["deputy_leader"]',
        'value = ["handler"]',
        'value = ["handler"]',
        "没有“handler”这个选项",
    ),
    "a limit without a unit": (
        YUQUAN,
        LIMIT,
        LIMIT.replace(', unit = "working_day"', ""),
        "value = { n = 30 }",
        "没有写单位",
    ),
    "an unknown unit": (YUQUAN, LIMIT, LIMIT.replace("working_day", "workday"), "workday", "单位“workday”不认识"),
    "an unknown part of a limit": (
        YUQUAN,
        LIMIT,
        LIMIT.replace("n = 30", "n = 30, days = 30"),
        "days = 30",
        "没有“days”这一项",
    ),
    "an unknown start": (
        YUQUAN,
        LIMIT,
        LIMIT.replace('"acceptance"', '"accepted"'),
        'clock_start = "accepted"',
        "“accepted”不认识",
    ),
    "an unknown exclusion": (
        YUQUAN,
        LIMIT,
        LIMIT.replace('["publicity"]', '["holiday"]'),
        'excludes = ["holiday"]',
        "“holiday”不认识",
    ),
    "an unknown start of keeping": (
        YUQUAN,
        'start = "case_closed"',
        'start = "closed"',
        'start = "closed"',
        "“closed”不认识",
    ),
    "a parameter twice": (
        YUQUAN,
        'key = "dec.monthly_cutoff_day"',
        'key = "fnd.pay_day"\nunset = true\neffective_from = 2021-01-01\n\n[[parameter]]\nkey = "dec.monthly_cutoff_day"',
        '[[parameter]]\nkey = "fnd.pay_day"',
        "已经写过，两处自 2021-01-01 起同时有效",
    ),
    "a parameter under its old name as well": (
        YUQUAN,
        'key = "dec.monthly_cutoff_day"',
        'key = "dec.approver"\nunset = true\n\n[[parameter]]\nkey = "dec.monthly_cutoff_day"',
        '[[parameter]]\nkey = "dec.signoffs"',
        "“dec.signoffs”在第",
    ),
    "tiers that overlap": (
        JILIN,
        FROM_100,
        FROM_100.replace("min_n = 100", "min_n = 90"),
        "min_n = 90",
        "重叠：90 两档都算",
    ),
    "tiers that leave a gap": (
        JILIN,
        FROM_100,
        FROM_100.replace("min_n = 100", "min_n = 110"),
        "min_n = 110",
        "101 到 109 没有规定",
    ),
    "tiers without an end": (
        JILIN,
        'name = "150个以上", min_n = 150',
        'name = "150个以上", max_n = 900, min_n = 150',
        "max_n = 900",
        "901 以上没有规定",
    ),
    "a citation of another document": (
        YUQUAN,
        'citation = "001 第四条(一)1"',
        'citation = "002 第四条(一)1"',
        'citation = "002 第四条',
        "不是以本文件的代号“001”开头",
    ),
    "no citation": (
        CHENGQU,
        'citation = "004 五(二)"\noriginal = "于7日',
        'original = "于7日',
        '[[parameter]]\nkey = "dec.filing_days"',
        "“dec.filing_days”没有写出处",
    ),
    "a reading that does not exist": (
        YUQUAN,
        'reading_note = "A-21"',
        'reading_note = "A-210"',
        "A-210",
        "没有编号为“A-210”的读法",
    ),
    "a basis that is no requirement": (YUQUAN, "ORG-01 = ", "ORG-99 = ", "ORG-99", "“ORG-99”不是要求的编号"),
    "a basis in another document": (
        YUQUAN,
        'ORG-01 = "001 ',
        'ORG-01 = "002 ',
        "ORG-01",
        "不是以本文件的代号“001”开头",
    ),
    "an unknown programme": (
        CHENGQU,
        'programmes = ["DIBAO", "TEKUN"]',
        'programmes = ["DIBAO", "TEKUNG"]',
        "TEKUNG",
        "没有“TEKUNG”这个救助类别",
    ),
    "stages without a source": (
        CHENGQU,
        'programmes = ["DIBAO", "TEKUN"]',
        'programmes = ["DIBAO"]',
        'programme = "TEKUN"\nkey = "intake"',
        "“TEKUN”的办理环节没有写来源",
    ),
    "an unknown step": (CHENGQU, 'step = "SURVEY"', 'step = "VISIT"', 'step = "VISIT"', "没有“VISIT”这个步骤"),
    "an unknown moment of opening": (
        CHENGQU,
        'when = "by_choice"',
        'when = "sometimes"',
        'when = "sometimes"',
        "when 不能写“sometimes”",
    ),
    "a publicity that is optional": (
        CHENGQU,
        CHENGQU_PUBLICITY,
        CHENGQU_PUBLICITY.replace('when = "always"', 'when = "on_objection"'),
        'when = "on_objection"',
        "只有民主评议可以不是每件都办",
    ),
    "a key of a stage twice": (
        CHENGQU,
        'key = "filing"',
        'key = "decision"',
        'key = "decision"\nstep = "FILING"',
        "环节的键“decision”用了两次",
    ),
    "waiting for a stage that is not there": (
        CHENGQU,
        'after = ["sign_off"]',
        'after = ["signing"]',
        'after = ["signing"]',
        "“signing”不存在",
    ),
    "waiting for a later stage": (
        CHENGQU,
        CHENGQU_SIGNING,
        CHENGQU_SIGNING.replace('["initial_review"]', '["initial_review", "early"]')
        + "\n\n"
        + stage("DIBAO", "early", "PUBLICITY", "审核公示", '["initial_review"]'),
        'after = ["initial_review", "early"]',
        "“early”写在它后面",
    ),
    "a circle": (
        CHENGQU,
        CHENGQU_CHECK,
        CHENGQU_CHECK.replace('["acceptance"]', '["initial_review"]'),
        'after = ["initial_review"]',
        "互相等待，一个也不会打开：economic_check → initial_review → economic_check",
    ),
    "waiting for itself": (
        CHENGQU,
        CHENGQU_CHECK,
        CHENGQU_CHECK.replace('["acceptance"]', '["economic_check"]'),
        'after = ["economic_check"]',
        "等的是它自己，永远不会打开",
    ),
    "waiting for what is never reached": (
        CHENGQU,
        CHENGQU_CHECK,
        CHENGQU_CHECK.replace('["acceptance"]', '["economic_check"]'),
        'after = ["survey", "economic_check", "appraisal"]',
        "永远不会打开：它等的",
    ),
    "an appraisal by choice after the review": (
        CHENGQU,
        CHENGQU_SIGNING,
        stage("DIBAO", "late", "APPRAISAL", "再评议", '["initial_review"] ', "by_choice") + "\n\n" + CHENGQU_SIGNING,
        'after = ["initial_review"] ',
        "只能在初审之前加办",
    ),
    "a stage that waits for nothing": (
        CHENGQU,
        CHENGQU_DELIVERY,
        CHENGQU_DELIVERY.replace('["publicity"]', "[]"),
        "after = []\nwhen",
        "没有写等哪个环节",
    ),
    "no intake first": (
        CHENGQU,
        CHENGQU_INTAKE,
        CHENGQU_INTAKE.replace('"INTAKE"', '"ACCEPTANCE"'),
        'step = "ACCEPTANCE"',
        "第一个环节必须是申请",
    ),
    "no decision": (
        CHENGQU,
        CHENGQU_DECISION,
        CHENGQU_DECISION.replace('"DECISION"', '"PUBLICITY"'),
        '[[stage]]\nprogramme = "DIBAO"',
        "缺少“审核确认”（DECISION）",
    ),
    "no delivery": (
        CHENGQU,
        CHENGQU_DELIVERY,
        CHENGQU_DELIVERY.replace('"DELIVERY"', '"PUBLICITY"'),
        '[[stage]]\nprogramme = "DIBAO"',
        "缺少“送达”（DELIVERY）",
    ),
    "a step twice": (
        CHENGQU,
        CHENGQU_DELIVERY,
        CHENGQU_DELIVERY + "\n\n" + stage("DIBAO", "again", "DELIVERY", "再送达", '["delivery"]'),
        'step = "DELIVERY"\ntitle = "再送达"',
        "“送达”（DELIVERY）写了两次",
    ),
    "money before the decision": (
        CHENGQU,
        CHENGQU_PAYMENT,
        CHENGQU_PAYMENT.replace('["delivery"]', '["sign_off"] '),
        'after = ["sign_off"] ',
        "“资金发放（payment_start）”必须排在审核确认（decision）之后",
    ),
    "signatures after the decision": (
        CHENGQU,
        CHENGQU_DECISION,
        CHENGQU_DECISION.replace('["sign_off"]', '["initial_review"] '),
        'after = ["initial_review"] ',
        "必须排在签批（sign_off）之后：签批齐全以后才能作出决定",
    ),
    "a posting of what nobody reviewed": (
        CHENGQU,
        CHENGQU_PUBLICITY,
        CHENGQU_PUBLICITY.replace('["decision"]', '["survey"] '),
        'after = ["survey"] ',
        "必须排在审核（initial_review）之后：没有初审意见的，一律不得张贴",
    ),
    "a parameter of a stage not in the catalogue": (
        CHENGQU,
        'parameters = ["dec.filing_days"]',
        'parameters = ["dec.filing_day"]',
        'parameters = ["dec.filing_day"]',
        "没有“dec.filing_day”，最接近的是“dec.filing_days”",
    ),
}
"""What is planted: pack, place, what stands there instead, what stands on the line that is named (and the one below it), the
words of the sentence."""
