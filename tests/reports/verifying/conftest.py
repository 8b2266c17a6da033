from tests.reports.making.conftest import small

__all__ = ["small"]
