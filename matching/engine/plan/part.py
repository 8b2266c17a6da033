"""The plan of one component, as it is made and as it is handed on."""

from dataclasses import dataclass

from matching.engine.plan.flow import Flow
from matching.engine.plan.network import Network


@dataclass(frozen=True)
class Part:
    """The plan of one component and what is proven of it, or the reason why there is none."""

    network: Network
    relaxed: Flow | None = None  # without lots and minima
    flow: Flow | None = None
    bound: int = 0
    proof: str = "flow"
    reason: str = ""

    @property
    def open_value(self) -> int | None:
        """How much more a better plan could be worth; None where no plan was found yet."""
        return None if self.flow is None else self.bound - self.flow.value
