# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS pages
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
COPY requirements/server.txt /tmp/server.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement /tmp/server.txt

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    AFFECTORY_ENV=production \
    AFFECTORY_DATA=/data
# What a job lets go is given back at once: see config/embedded/environment.py.
ENV ARROW_DEFAULT_MEMORY_POOL=system \
    MALLOC_MMAP_THRESHOLD_=4194304 \
    MALLOC_TRIM_THRESHOLD_=4194304
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/affectory
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --home-dir /data affectory \
    && install --directory --owner=affectory --group=affectory --mode=0700 /data
COPY --from=pages /src/frontend/dist frontend/dist
USER affectory
VOLUME /data
EXPOSE 8000
# The other services of docker-compose.yml run the same image with another command.
CMD ["gunicorn", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=8", \
     "--timeout=120", "--keep-alive=10", "--no-control-socket", "config.wsgi"]
