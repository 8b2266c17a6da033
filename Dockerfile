# The image of web, worker, beat and setup; docker-compose.yml says which of them a container is.
FROM python:3.12-slim AS packages

WORKDIR /build
COPY requirements.txt .
# Every package must be the one that was locked.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements.txt


FROM python:3.12-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TM_DATA_DIR=/srv/tradematch/var \
    NUMBA_CACHE_DIR=/srv/tradematch/var/kept/kernels

RUN groupadd --system --gid 10001 tradematch \
    && useradd --system --uid 10001 --gid tradematch --no-create-home --home-dir /nonexistent tradematch

COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/tradematch
COPY . .

# What does not depend on the place is made here: translations and static files. The addresses are not used.
RUN SECRET_KEY=signs-nothing-while-the-image-is-built-0123456789-abcdef DATABASE_URL=postgres://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1:6379/0 \
    sh -c "python manage.py compile_catalogues && python manage.py collectstatic --noinput"

# The files belong to root, so that the programs cannot change themselves. What they may write lies in a volume.
RUN install --directory --owner=10001 --group=10001 --mode=0700 var/kept
USER 10001
EXPOSE 8000
CMD ["gunicorn", "tradematch.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--worker-class=gthread", "--threads=4", "--forwarder-headers=", "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--timeout=60", "--graceful-timeout=30", "--logger-class=tradematch.gunicorn_log.Logger"]
