#!/bin/sh
# Waits until PostgreSQL accepts connections, for up to 60 s, when the command needs it; then becomes the program, which tells in
# full what is wrong when it still does not answer, or when a setting is missing.
set -u
limit_s=60

# The login is cut off, and of the query only what says where the server is remains: Prisma's parameters are unknown to libpq, and
# a password does not belong on a command line.
without_secrets() {
  address=${1#*://}
  query=
  case $address in *\?*) query=${address#*\?} address=${address%%\?*} ;; esac
  path=
  case $address in */*) path=/${address#*/} address=${address%%/*} ;; esac
  user=
  case $address in *@*) user=${address%@*} address=${address##*@} ;; esac
  user=${user%%:*}
  where=
  old_ifs=$IFS IFS='&'
  for parameter in $query; do
    case $parameter in host=* | port=*) where="${where:+$where&}$parameter" ;; esac
  done
  IFS=$old_ifs
  printf 'postgresql://%s@%s%s%s' "${user:-postgres}" "$address" "$path" "${where:+?$where}"
}

wait_for_postgres() {
  url=${DATABASE_URL:-}
  if [ -z "$url" ] && [ -r "${DATABASE_URL_FILE:-}" ]; then url=$(cat "$DATABASE_URL_FILE"); fi
  case $url in postgres://* | postgresql://*) ;; *) return ;; esac
  server=$(without_secrets "$url")
  # The first process of a container ignores a signal that it does not handle.
  trap 'exit 5' TERM INT
  # By the clock: a server that swallows packets takes a second for each question.
  until_s=$(($(date +%s) + limit_s))
  told=
  while :; do
    pg_isready --quiet --timeout=1 --dbname="$server"
    case $? in 0 | 3) break ;; esac
    [ -n "$told" ] || echo "waiting for PostgreSQL (up to $limit_s s)"
    told=yes
    # Beyond, not at: the clock counts whole seconds, and the first was not whole.
    [ "$(date +%s)" -gt "$until_s" ] && break
    sleep 1
  done
  trap - TERM INT
}

case ${1:-} in '' | verify) wait_for_postgres ;; esac
exec /app/src/main.ts "$@"
