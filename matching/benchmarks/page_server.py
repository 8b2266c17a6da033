"""The door for the web server that is measured: the product's own, which also says what each answer cost."""

import time
from importlib import import_module

from django.conf import settings
from django.db import connection

application_of_the_product = import_module("tradematch.wsgi").application
settings.ROOT_URLCONF = "matching.benchmarks.page_urls"


def application(environ, start_response):
    queries = 0

    def counting(execute, sql, params, many, context):
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    began = time.perf_counter()

    def started(status, headers, *rest):
        took = f"{1000 * (time.perf_counter() - began):.3f}"
        return start_response(status, [*headers, ("X-Queries", str(queries)), ("X-Server-Ms", took)], *rest)

    with connection.execute_wrapper(counting):
        return application_of_the_product(environ, started)
