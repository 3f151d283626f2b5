#!/usr/bin/env bash
# Measures a fleet against one run of `check domain -` over the same synthetic world, in the same run:
#
#   TODOKU=./todoku DNSLAB=./dnslab tools/fleet/run.sh [DOMAINS]
#
# Needs PostgreSQL (Debian: postgresql), python3, a built todoku, and a DNS server with the interface of dnslab:
# `serve -n N -addr A -ctl A -delay D` answers for N domains, `domains -n N` names them. Prints domains per second, seconds of
# processors, and the ratios to `check domain`. Nothing leaves the machine.
#
#   DELAY=20ms      of each answer of DNS            PROCESSES=4   workers over PostgreSQL
#   WORKERS=64      domains under way a process      CHUNKS=2      chunks under way a process
#   SERVE=          more arguments of dnslab serve   RUNS=1        how often all of it is done
#   PARTS="check postgres sqlite"                    what is measured
set -euo pipefail
n=${1:-5000}
: "${TODOKU:?the program to measure}" "${DNSLAB:?the DNS server}"
DELAY=${DELAY:-20ms} PROCESSES=${PROCESSES:-4} WORKERS=${WORKERS:-64} CHUNKS=${CHUNKS:-2} SERVE=${SERVE:-} RUNS=${RUNS:-1}
PARTS=${PARTS:-check postgres sqlite}
dir=$(mktemp -d); chmod 755 "$dir"
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=(); [ "$(id -u)" = 0 ] && as=(runuser -u postgres --)
pids=()
finish() {
  for p in "${pids[@]}"; do kill -TERM "$p" 2>/dev/null || true; done
  [ -d "$dir/pg/data" ] && "${as[@]}" "$bin/pg_ctl" -D "$dir/pg/data" -m immediate stop >/dev/null 2>&1 || true
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT
export TODOKU_CONFIG= XDG_CONFIG_HOME=$dir XDG_DATA_HOME=$dir

# cpu PID…: seconds of processors of processes, those of children that ended included.
cpu() { for p in "$@"; do sed 's/.*) //' "/proc/$p/stat" 2>/dev/null || true; done | awk '{s += $12 + $13 + $14 + $15} END {printf "%.2f\n", s / 100}'; }
now() { echo "$EPOCHREALTIME"; }
calc() { awk "BEGIN {printf \"$1\", $2}"; }

dns=127.0.0.1:5391
# shellcheck disable=SC2086
"$DNSLAB" serve -n "$n" -addr $dns -ctl 127.0.0.1:5392 -delay "$DELAY" $SERVE >"$dir/serve.log" 2>&1 & pids+=($!)
server=$!
"$DNSLAB" domains -n "$n" | awk '{print $1}' >"$dir/names"
for _ in $(seq 100); do "$DNSLAB" ctl -ctl 127.0.0.1:5392 stats >/dev/null 2>&1 && break; sleep 0.1; done

# tell NAME SECONDS CPU: one line, and the ratio to the first one.
base=
tell() {
  local rate; rate=$(calc %.1f "$n / $2")
  [ -n "$base" ] || base=$rate
  printf '%-34s %9.2f s %9.1f domains/s %8.2f s CPU  %6.3f ms CPU/domain  ratio %s\n' "$1" "$2" "$rate" "$3" \
    "$(calc %.3f "1000 * $3 / $n")" "$(calc %.3f "$rate / $base")"
}

measure_check() {
  local t0 t1 p
  t0=$(now)
  "$TODOKU" check domain - --resolver $dns --format ndjson --fail-on never <"$dir/names" >"$dir/out" 2>"$dir/err" & p=$!
  local c=0; while kill -0 "$p" 2>/dev/null; do c=$(cpu "$p"); sleep 0.02; done
  wait "$p" || { echo "check domain failed: $(head -c 300 "$dir/err")"; exit 1; }
  t1=$(now)
  [ "$(wc -l <"$dir/out")" = "$n" ] || echo "check domain: $(wc -l <"$dir/out") reports, not $n"
  tell "check domain -" "$(calc %.2f "$t1 - $t0")" "$c"
}

# work NAME STORE PROCESSES SQL [PID of the database]: SQL runs a statement in the store. The first round writes each domain down;
# the second one finds all as it was.
work() {
  local mine=() db=${5:-} run=$4 p
  "$TODOKU" watch import "$dir/names" --store "$2" --every 1d >/dev/null
  for _ in $(seq "$3"); do
    "$TODOKU" watch work --store "$2" --resolver $dns --workers "$WORKERS" --chunks "$CHUNKS" >>"$dir/work.log" 2>&1 & mine+=($!); pids+=($!)
  done
  round 1 "$1, first round" 0
  $run 'UPDATE watch_chunk SET due = 0' >/dev/null
  round 2 "$1, next round" "$(cpu "${mine[@]}")"
  kill -TERM "${mine[@]}"; wait "${mine[@]}" || true
}

# round R NAME CPU: waits until a round is done. Those of work are used: mine, db.
round() {
  local t0 t1 before=0 server=0
  [ -n "$db" ] && before=$(cpu "$db" $(pgrep -P "$db"))
  t0=$(now)
  while [ "$($run "SELECT coalesce(sum(domains), 0) FROM watch_chunk WHERE round >= $1")" -lt "$n" ]; do
    for p in "${mine[@]}"; do kill -0 "$p" 2>/dev/null || { echo "a worker ended: $(tail -c 300 "$dir/work.log")"; exit 1; }; done
    sleep 1
  done
  t1=$(now)
  [ -n "$db" ] && server=$(calc %.2f "$(cpu "$db" $(pgrep -P "$db")) - $before")
  tell "$2" "$(calc %.2f "$t1 - $t0")" "$(calc %.2f "$(cpu "${mine[@]}") - $3 + $server")"
  [ -n "$db" ] && echo "    of it PostgreSQL: $server s CPU" || true
}

sql_server() { "${as[@]}" "$bin/psql" -h "$dir/pg" -U todoku -d fleet -XAtqc "$1"; }
sql_file() { python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
for row in c.execute(sys.argv[2]): print(row[0])' "$dir/fleet.db" "$1"; }

measure_postgres() {
  rm -rf "$dir/pg"; mkdir "$dir/pg"; [ "$(id -u)" = 0 ] && chown postgres "$dir/pg"
  "${as[@]}" "$bin/initdb" -D "$dir/pg/data" -U todoku -A trust >/dev/null
  "${as[@]}" "$bin/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/log" -w -o "-k $dir/pg -c listen_addresses= -c max_connections=100" start >/dev/null
  "${as[@]}" "$bin/createdb" -h "$dir/pg" -U todoku fleet
  work "PostgreSQL, $PROCESSES workers" "postgres://todoku@/fleet?host=$dir/pg" "$PROCESSES" sql_server "$(head -1 "$dir/pg/data/postmaster.pid")"
  "${as[@]}" "$bin/pg_ctl" -D "$dir/pg/data" -m fast stop >/dev/null
}

measure_sqlite() {
  rm -f "$dir"/fleet.db*
  WORKERS=256 work "SQLite, 1 worker" "$dir/fleet.db" 1 sql_file
  ls -l "$dir/fleet.db" | awk '{printf "  file: %.1f MiB\n", $5 / 1048576}'
}

for _ in $(seq "$RUNS"); do
  base=
  for part in $PARTS; do "measure_$part"; done
done
kill -TERM $server
