#!/bin/sh
# The container's command: the program with the arguments as they are. It waits for PostgreSQL by itself.
exec /app/build/main.js "$@"
