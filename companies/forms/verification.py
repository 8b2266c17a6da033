"""What is written while a company is verified: lines of the checklist, questions, answers, why it is let in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField, WordsField
from companies.checklist import DONE, NOT_NEEDED, OPEN
from companies.forms.fields import OurForm, SeenField
from companies.forms.standing import LONGEST_REASON, SendBackForm, SuspendForm

LONGEST_TALK = 2000


class DecisionForm(OurForm):
    """What somebody decides about what the page showed; whoever sends nothing of it has seen nothing."""

    seen = SeenField()

    def clean_seen(self) -> str:
        return self.cleaned_data["seen"] or ""


class MarkForm(DecisionForm):
    """One line of the checklist; which of the buttons was pressed says how it stands."""

    words = LineField(
        most=LONGEST_REASON,
        required=False,
        label=_("What was seen, or why it is not needed"),
        help_text=_("For those who verify; the company does not see it."),
    )
    state = forms.ChoiceField(choices=[(state, state) for state in (DONE, NOT_NEEDED, OPEN)])

    def __init__(self, data=None, *, line: str, seen: str = ""):
        super().__init__(data, prefix=f"line-{line}", initial={"seen": seen})
        self.line = line


class LetInForm(DecisionForm):
    prefix = "in"
    reason = LineField(
        most=LONGEST_REASON,
        required=False,
        label=_("Why is it let in before that?"),
        help_text=_("It is kept. The company does not see it."),
    )


class SendBackSeenForm(DecisionForm, SendBackForm):
    pass


class SuspendSeenForm(DecisionForm, SuspendForm):
    pass


class QuestionForm(OurForm):
    prefix = "ask"
    words = WordsField(
        most=LONGEST_TALK,
        label=_("What do you want to know?"),
        help_text=_("The company reads it in your words, and answers here. It goes on waiting meanwhile."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(OurForm):
    prefix = "answer"
    words = WordsField(
        most=LONGEST_TALK,
        label=_("Your answer"),
        help_text=_("Where something of the profile or a paper is wrong, put it right there and say so here."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_question(self) -> int:
        """Whatever comes back, it is only compared."""
        typed = self.cleaned_data["question"]
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0

    def ask_anew(self, question: int) -> None:
        """What was typed answers the question that is shown now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("question")] = question
