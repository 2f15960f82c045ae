# The application alone; docker-compose.yml adds the database.
FROM python:3.12-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    # Refuses to start with DEBUG, whatever the environment says.
    PRODUCTION=1

RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin qualityyear
# pg_dump of the database's major version, as docker-compose.yml names it.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
# A new volume takes its owner from the folder it is laid over.
RUN install --directory --owner=qualityyear --mode=0700 /backups /exchange
WORKDIR /app

# sign-on.txt has besides what a portal for signing in speaks.
ARG REQUIREMENTS=base.txt
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: \
    -r requirements/${REQUIREMENTS}

COPY manage.py ./
COPY qualityyear qualityyear
COPY courts courts
COPY scoring scoring
COPY templates templates
COPY static static
COPY locale locale
# What the pages of help show.
COPY docs/glossary.md docs/glossary.md
COPY docs/manual docs/manual
COPY docs/readings docs/readings

# Neither of the two values is kept: the server itself starts only with real ones.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    ALLOWED_HOSTS=build DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    sh -c 'python manage.py compile_catalogues && python manage.py bundle_charts && python manage.py collectstatic --noinput'

USER qualityyear
EXPOSE 8000

# The server answers only to its own names, so the check takes the first of them.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-m", "qualityyear.probe"]

# With nothing to migrate it is quick. Of two that begin a new database at once one fails and is
# started again.
CMD ["sh", "-c", "python manage.py migrate --noinput && exec gunicorn qualityyear.wsgi:application --bind 0.0.0.0:8000 --workers ${WEB_WORKERS:-3} --threads 32 --preload --timeout 60 --worker-tmp-dir /dev/shm --no-control-socket --access-logfile - --error-logfile -"]
