#!/bin/sh
# Makes a replica of the database that PRIMARY names, once; then does what it is told, which is to
# start it. A slot keeps the primary's log for it while it is away.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    if [ -n "${PRIMARY_PASSWORD_FILE:-}" ]; then
        PGPASSWORD=$(cat "$PRIMARY_PASSWORD_FILE")
        export PGPASSWORD
    fi
    pg_basebackup --dbname="$PRIMARY" --pgdata="$PGDATA" --checkpoint=fast --wal-method=stream \
        --write-recovery-conf --create-slot --slot=quality_year
    chmod 700 "$PGDATA"
fi
exec "$@"
