"""Keeping what people entrusted: backups that were restored, and forgetting people who ask. See docs/keeping.md."""
