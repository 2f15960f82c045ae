#!/bin/sh
# Lets a replica in: the database's image does this once, when it makes a new database.
echo "host replication $POSTGRES_USER all scram-sha-256" >> "$PGDATA/pg_hba.conf"
