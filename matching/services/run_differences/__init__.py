"""What changed between two runs, split by what changed it: data, weights, rules, corridor or code.

`lanes` lays the listings of one run on the lanes of another, `states` is what one carrying-out found, `causes` goes
from the one run to the other and splits what comes out otherwise, `pairs` tells which pairs. None of them knows the
database; `work` does.
"""
