#!/bin/sh
# Runs once, when the database folder is new. The three roles of the system, and the login of web and workers, which may
# act as `sunlight_web` and as nothing else: it owns no table.
set -eu
psql --username postgres --no-psqlrc --set ON_ERROR_STOP=1 --set password="$APP_PASSWORD" <<'SQL'
CREATE ROLE sunlight_owner NOLOGIN;
CREATE ROLE sunlight_web NOLOGIN;
CREATE ROLE sunlight_reader NOLOGIN;
CREATE ROLE sunlight_app LOGIN NOINHERIT PASSWORD :'password' IN ROLE sunlight_web;
SQL
