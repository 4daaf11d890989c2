"""Rendering: Chinese with embedded fonts, no network, and a machine without fonts says so."""

import io
import subprocess

import pikepdf
import pytest

from common import pdf
from common.checks import check_fonts

# Names with rare characters, the papers' punctuation, and each of the families the papers use.
TEXT = "示例张三〔2026〕12号：￥1,900.00元，“公示”7日。㐂𠮷䶮㛃"


@pytest.fixture
def template(settings, tmp_path):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(body):
        (tmp_path / "paper.html").write_text(f"<html lang='zh-CN'><title>t</title>{body}</html>", encoding="utf-8")
        return pdf.render("paper.html", {"text": TEXT})

    return write


def program(*command, content):
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("family", ["Noto Serif CJK SC", "Noto Sans CJK SC", "FangSong", "AR PL KaitiM GB"])
def test_every_character_is_there_and_every_font_embedded(template, family):
    stack = f'"{family}", "AR PL SungtiL GB", "Noto Serif CJK SC"'
    content = template(f"<style>p {{{{ '{{' }}}} font-family: {stack} {{{{ '}}' }}}}</style><p>{{{{ text }}}}</p>")
    assert program("pdftotext", "-", "-", content=content).strip() == TEXT
    fonts = program("pdffonts", "-", content=content).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)
    assert not any("LastResort" in line or "DejaVu" in line for line in fonts)
    with pikepdf.open(io.BytesIO(content)) as document, document.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("3", "U")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "../manage.py"])
def test_nothing_is_fetched_from_elsewhere(template, address):
    with pytest.raises(pdf.PaperBroken):
        template(f'<img src="{address}"><p>{{{{ text }}}}</p>')


def test_this_machine_has_the_fonts_of_papers():
    assert pdf.REQUIRED not in pdf.fonts_ready()


def test_a_machine_without_chinese_fonts_says_so_plainly(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    (message,) = check_fonts(None)
    assert message.id == "common.E001"
    assert "Noto Serif CJK SC" in message.msg
    assert "fonts-noto-cjk" in message.hint


def test_a_machine_that_lacks_a_secondary_font_is_only_warned(monkeypatch):
    monkeypatch.setattr(pdf, "fonts_ready", lambda: ["AR PL KaitiM GB"])
    (message,) = check_fonts(None)
    assert message.id == "common.W001"
