"""What can be done with companies and what they state: one function for each action."""

from companies.services.capacities import close_capacity, open_capacity, withdraw_capacity
from companies.services.companies import (
    add_member,
    record_fact,
    register_company,
    suspend_company,
)
from companies.services.needs import close_need, open_need, withdraw_need

__all__ = [
    "add_member",
    "close_capacity",
    "close_need",
    "open_capacity",
    "open_need",
    "record_fact",
    "register_company",
    "suspend_company",
    "withdraw_capacity",
    "withdraw_need",
]
