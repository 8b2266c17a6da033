"""Brings TradeMatch up on one machine: environment, PostgreSQL, Valkey, worker, web server. Standard library only.

Read in this order: `commands` (what a person can type), `house` (who starts and who stops the servers), `services`,
`postgres`, `valkey` (one server each), `environment` (the packages), `processes` (how a process is known again).
"""
