"""Freight quotes as a sheet: written for people, read back strictly. What is written and read again changes nothing."""
