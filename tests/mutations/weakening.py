"""How a guard is weakened: words of its source are replaced, in the running programme alone."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType


@dataclass(frozen=True)
class Mutant:
    """One guard made weaker. `target` is a function (module:name) whose source holds `old`, once."""

    name: str
    target: str
    old: str
    new: str
    tests: tuple[str, ...]
    is_read_once: bool = False  # what it guards is made when the programme starts: a process of its own

    @property
    def function(self) -> FunctionType:
        """The function itself, below whatever wraps it."""
        module, _colon, path = self.target.partition(":")
        found = importlib.import_module(module)
        for part in path.split("."):
            found = inspect.getattr_static(found, part) if isinstance(found, type) else getattr(found, part)
        found = getattr(found, "fget", found)
        return inspect.unwrap(found)

    def weakened(self) -> CodeType:
        """The code of the function with the words replaced. Raises ValueError where they are not there once."""
        function = self.function
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.old!r} is there {source.count(self.old)} times in {self.target}")
        tree = ast.parse(source.replace(self.old, self.new))
        tree.body[0].decorator_list = []
        found = {}
        exec(compile(tree, f"<mutant {self.name}>", "exec"), function.__globals__, found)  # our own words
        (code,) = (made.__code__ for made in found.values())
        if code.co_freevars != function.__code__.co_freevars:
            raise ValueError(f"{self.name}: {self.target} takes names from around it")
        return code

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Weak for a while. The function stays the same object, so that whoever has imported it has the weak one."""
        function, strong = self.function, self.function.__code__
        function.__code__ = self.weakened()
        try:
            yield
        finally:
            function.__code__ = strong


@dataclass(frozen=True)
class Constant:
    """A number or a set of a module that guards something, replaced."""

    name: str
    target: str
    new: object
    tests: tuple[str, ...]
    is_read_once: bool = False

    def _place(self) -> tuple:
        module, _colon, name = self.target.partition(":")
        return importlib.import_module(module), name

    def weakened(self) -> object:
        module, name = self._place()
        if getattr(module, name) == self.new:
            raise ValueError(f"{self.name}: {self.target} is {self.new!r} already")
        return self.new

    @contextmanager
    def applied(self) -> Iterator[None]:
        module, name = self._place()
        strong = getattr(module, name)
        setattr(module, name, self.weakened())
        try:
            yield
        finally:
            setattr(module, name, strong)


@dataclass(frozen=True)
class WithoutMiddleware:
    """A middleware that is not there."""

    name: str
    target: str
    tests: tuple[str, ...]
    is_read_once: bool = False

    def weakened(self) -> list[str]:
        from django.conf import settings

        if self.target not in settings.MIDDLEWARE:
            raise ValueError(f"{self.name}: there is no {self.target}")
        return [name for name in settings.MIDDLEWARE if name != self.target]

    @contextmanager
    def applied(self) -> Iterator[None]:
        from django.conf import settings

        strong = settings.MIDDLEWARE
        settings.MIDDLEWARE = self.weakened()
        try:
            yield
        finally:
            settings.MIDDLEWARE = strong
