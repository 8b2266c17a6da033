"""HTML made of words: the same as Django makes of them."""

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from accounts.markup import escaped, filled

WORDS = st.one_of(
    st.text(), st.text("<>&'\"{}"), st.integers(), st.text().map(mark_safe), st.sampled_from([gettext_lazy("Score")])
)


@given(WORDS)
def test_words_are_escaped_as_django_escapes_them(words):
    assert escaped(words) == conditional_escape(words)
    assert isinstance(escaped(words), SafeString)


@given(WORDS, WORDS)
def test_pieces_of_html_are_filled_as_django_fills_them(first, second):
    form = '<b class="{}">{}</b>'

    assert filled(form, first, second) == format_html(form, first, second)
    assert isinstance(filled(form, first, second), SafeString)
