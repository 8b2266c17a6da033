"""Pages of the corridor: map, legs, quotes, rates, duties, requirements, preferences."""
