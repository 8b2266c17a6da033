"""What the plan of a run would load: how many containers at which place, how full, and which lots share one.

See docs/pooling.md. `loads_of` is all that pages ask for.
"""

from matching.loads.containers import Loads
from matching.loads.loads import loads_of, remembered

__all__ = ["Loads", "loads_of", "remembered"]
