"""Rows that are filled into one form: the same as drawn one by one, what is said is escaped, nothing is left out."""

import pytest
from django.template import engines
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.lists import row_forms
from accounts.lists.row_forms import AsksOfRowError, RowForm

ROW = """<tr><th>{{ row.company.name }}</th>{% if "goods" in show %}<td data-l="{{ label }}">{{ row.goods }}
{% with inner=row.company %}{{ inner.where }}{% endwith %}</td>{% endif %}</tr>"""


@pytest.fixture
def _row_template(monkeypatch):
    """Templates are named by their text."""
    monkeypatch.setattr(row_forms, "get_template", engines["django"].from_string)


def drawn(template: str, context: dict) -> str:
    return engines["django"].from_string(template).render(context)


def words(name: str = "Almaty <Oil> & Fat", goods="palm oil") -> dict:
    return {"company": {"name": name, "where": "Almaty"}, "goods": goods}


@pytest.mark.usefixtures("_row_template")
def test_rows_say_what_they_would_say_drawn_one_by_one():
    rows = [words(), words("ЖШС «Құс»", 7), words("100 % {} %s", mark_safe("<b>fish</b>"))]
    given = {"show": {"goods"}, "label": "Goods & more"}

    filled = RowForm(ROW, given).filled(rows)

    assert filled == "".join(drawn(ROW, given | {"row": row}) for row in rows)
    assert "Almaty &lt;Oil&gt; &amp; Fat" in filled
    assert "<b>fish</b>" in filled


@pytest.mark.usefixtures("_row_template")
def test_what_no_row_shows_need_not_be_said():
    assert RowForm(ROW, {"show": set()}).filled([{"company": {"name": "x"}}]) == "<tr><th>x</th></tr>"


@pytest.mark.usefixtures("_row_template")
def test_row_that_lacks_a_word_is_no_row_with_a_gap():
    with pytest.raises(KeyError, match="goods"):
        RowForm(ROW, {"show": {"goods"}}).filled([{"company": {"name": "x", "where": "y"}}])


QUESTIONS = (
    *(
        "{% if row.goods %}x{% endif %}",
        "{% if not row.goods %}x{% endif %}",
        "{% if row.goods == 'fish' %}x{% endif %}",
    ),
    *("{% if row.goods and show %}x{% endif %}", "{% if 'a' in row.goods %}x{% endif %}"),
    "{% for one in row.goods %}x{% endfor %}",
    *("{{ row.goods|capfirst }}", "{{ row.goods|lower }}", "{{ row.goods|date }}", "{{ row.company.name|safe }}"),
    *("{% if show %}{{ row.goods|escapejs }}{% endif %}", "{% firstof row.goods show %}"),
)


@pytest.mark.usefixtures("_row_template")
@pytest.mark.parametrize("template", QUESTIONS)
def test_form_that_asks_something_of_a_row_is_refused(template):
    with pytest.raises(AsksOfRowError, match=r"row\."):
        RowForm(template, {"show": {"goods"}})


@pytest.mark.usefixtures("_row_template")
def test_no_rows_are_nothing():
    assert RowForm(ROW, {"show": {"goods"}}).filled([]) == ""


def test_addresses_are_those_of_the_pages():
    write = row_forms.addresses("companies:company-detail")

    assert [write(number) for number in (1, 20, 305)] == [
        reverse("companies:company-detail", args=[number]) for number in (1, 20, 305)
    ]
