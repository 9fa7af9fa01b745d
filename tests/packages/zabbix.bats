#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The files for Zabbix: a real server, its database, its API and a real agent of Debian.
# libfaketime sets the clock of the server alone forward, so that the intervals and time windows
# of the template are tested as they are.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages
load ../init

CONF=/etc/zabbix/zabbix_agentd.conf.d/crng.conf

setup_file() {
  can need_trees && can need ip nsenter curl jq || return 0
  zabbix_tree || return 0
  configure
  start || { tail -n 30 "$TREE".*log && return 1; }
}

# zabbix_tree: makes $TREE, with packages that are installed only once. php-cgi stands in for
# Apache, which the frontend would install if it came first.
zabbix_tree() {
  local tarball=$KEPT/zabbix.tar
  (
    flock 9
    if [ "$tarball" -nt "$BATS_TEST_FILENAME" ]; then
      mkdir "$TREE" && exec tar -C "$TREE" -xf "$tarball"
    fi
    init_tree php-cgi php-cli php-pgsql zabbix-server-pgsql zabbix-agent zabbix-frontend-php postgresql \
      libfaketime && tar -C "$TREE" -cf "$tarball.new" . && mv "$tarball.new" "$tarball"
  ) 9>"$KEPT/zabbix.lock"
}

teardown_file() {
  [ ! -f "$TREE.pid" ] || kill -KILL "$(cat "$TREE.pid")" || true
}

setup() {
  need ip nsenter curl jq
  need_trees
  [ -f "$TREE.pid" ] || skip "Zabbix cannot be installed: $(tail -n 1 "$TREE.log")"
  real
  need_init
}

# Ends the polling of the host of a test.
teardown() {
  [ -z "${HOST:-}" ] || api host.delete "[\"$HOST\"]" >/dev/null
}

configure() {
  install -m 644 "$TOP/integration/zabbix/crng.conf" "$TREE$CONF"
  printf '%s\n' LogType=console Timeout=10 | put 644 "${CONF%/*}/test.conf"
  printf '%s\n' LogType=console Timeout=10 DBHost= CacheUpdateFrequency=1 StartPollers=2 |
    put 644 /etc/zabbix/zabbix_server.conf.d/test.conf
  put 644 /etc/zabbix/zabbix.conf.php <<'END'
<?php
$DB = ['TYPE' => 'POSTGRESQL', 'SERVER' => '', 'PORT' => '0', 'DATABASE' => 'zabbix', 'USER' => 'zabbix',
  'PASSWORD' => '', 'DOUBLE_IEEE754' => true];
END
  echo +0m | put 644 /clock
  put 755 /start.sh <<'END'
#!/bin/sh
set -eux
mkdir /run/postgresql /run/zabbix
chown postgres /run/postgresql
chown zabbix /run/zabbix
runuser -u postgres -- /usr/lib/postgresql/*/bin/postgres -c fsync=off -c listen_addresses= \
  -c config_file="$(echo /etc/postgresql/*/main/postgresql.conf)" &
until runuser -u postgres -- psql -c 'SELECT 1'; do sleep 0.1; done
runuser -u postgres -- createuser zabbix
runuser -u postgres -- createdb -O zabbix -E UTF8 -T template0 zabbix
cd /usr/share/zabbix-server-pgsql
zcat schema.sql.gz images.sql.gz data.sql.gz | runuser -u zabbix -- psql -q -v ON_ERROR_STOP=1 zabbix
runuser -u zabbix -- php -S 127.0.0.1:8080 -t /usr/share/zabbix &
zabbix_agentd -f &
LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME_TIMESTAMP_FILE=/clock FAKETIME_NO_CACHE=1 \
  FAKETIME_DONT_FAKE_MONOTONIC=1 zabbix_server -f
END
}

# start: starts everything in the tree, in a network of its own. The first process of the tree
# is that in $TREE.pid, and takes all others with it when it ends.
start() {
  local first
  export TREE MOUNTS
  unshare -n bash -c "ip link set lo up; $(declare -f in_tree)"'; in_tree "$TREE" /start.sh' \
    >"$TREE.services.log" 2>&1 3>&- &
  eventually eval 'first=$(pgrep -P "$(pgrep -P '$!')")'
  echo "$first" >"$TREE.pid"
  eventually begun
  api host.update '{"hostid": "10084", "status": 1}' >/dev/null
  import
}

# begun: the server and the API have; fails for good once the first process has ended.
begun() {
  sleep 0.5
  kill -0 "$(cat "$TREE.pid")" || exit 1
  grep -q 'server #1 started' "$TREE.services.log" && api user.get '{}' >/dev/null 2>&1
}

# inside CMD…: runs CMD in the tree, beside the services.
inside() {
  nsenter -t "$(cat "$TREE.pid")" -a -r -w "$@"
}

# ask REQUEST: prints what the API answers.
ask() {
  nsenter -t "$(cat "$TREE.pid")" -n curl -sS -H 'Content-Type: application/json-rpc' -d "$1" \
    http://127.0.0.1:8080/api_jsonrpc.php
}

# api METHOD PARAMETERS: calls METHOD of the API, and prints the result, or fails.
api() {
  local login
  [ -s "$TREE.token" ] || {
    login='{"jsonrpc": "2.0", "method": "user.login", "params": {"user": "Admin", "password": "zabbix"}, "id": 1}'
    ask "$login" | jq -re .result >"$TREE.token" || return
  }
  ask "$(jq -n --arg method "$1" --argjson params "$2" --arg auth "$(cat "$TREE.token")" \
    '{jsonrpc: "2.0", method: $method, params: $params, auth: $auth, id: 1}')" |
    jq -e 'if .error then (.error | tostring | halt_error(1)) else .result end'
}

import() {
  local all='{"createMissing": true, "updateExisting": true}'
  api configuration.import "$(jq -n --rawfile source "$TOP/integration/zabbix/crng.yaml" --argjson all "$all" \
    '{format: "yaml", $source, rules: {groups: {createMissing: true}, templates: $all, items: $all, triggers: $all}}')"
}

# new_host: makes a host that is linked to the template, whose agent is the one in the tree,
# and waits until crng check and crng status have been run for it.
new_host() {
  local template
  template=$(api template.get '{"filter": {"host": "Kernel RNG by crng"}}' | jq -r '.[].templateid')
  NAME="test $BATS_TEST_NUMBER"
  HOST=$(api host.create "$(jq -n --arg host "$NAME" --arg template "$template" '{$host,
    groups: [{groupid: "2"}], templates: [{templateid: $template}], interfaces: [{type: 1, main: 1,
    useip: 1, ip: "127.0.0.1", dns: "", port: "10050"}]}')" | jq -r '.hostids[0]')
  eventually has_begun || fail "not all items have a value: $(values)"
}

# A new item has its first value only after a part of its interval.
has_begun() {
  pass 1
  sleep 1
  ! values | grep -E '^crng\.(check|waiters): (none|not supported.*)$'
}

# The items, and the last value of each. An item whose values are discarded has none.
values() {
  api item.get "{\"hostids\": \"$HOST\", \"output\": [\"key_\", \"state\", \"error\", \"lastvalue\", \"lastclock\"]}" |
    jq -r '.[] | "\(.key_): " + if .state != "0" then "not supported: \(.error)"
      elif .lastclock == "0" then "none" else .lastvalue end' | sort
}

has_value() {
  sleep 0.3
  values | grep -qxF "$1: $2"
}

# value KEY VALUE: waits until this is the last value of the item.
value() {
  eventually has_value "$@" || fail "$1 is not $2: $(values)"
}

# firing: prints the triggers that fire.
firing() {
  api trigger.get "{\"hostids\": \"$HOST\", \"output\": [\"description\"], \"filter\": {\"value\": 1}}" |
    jq -r '.[].description' | sort
}

only_fires() {
  sleep 0.3
  [ "$(firing)" = "$1" ]
}

# fires TRIGGER: waits until this trigger, and no other, fires; without one, until none does.
fires() {
  eventually only_fires "${1:-}" || fail "not only this fires: ${1:-nothing}; but: $(firing); $(values)"
}

# pass MINUTES: sets the clock of the server forward.
pass() {
  local now
  now=$(tr -dc 0-9 <"$TREE/clock")
  echo "+$((now + $1))m" >"$TREE/clock"
}

# real: crng in the tree is the real one. says DIRECTORY: it is a script that prints the files
# "check" and "status" in DIRECTORY of the tree, which are output of the real one.
real() {
  install -m 755 "$CRNG" "$TREE/usr/bin/crng.new"
  mv "$TREE/usr/bin/crng.new" "$TREE/usr/bin/crng"
}

says() {
  printf '#!/bin/sh\ncat "/said/%s/$1"\n' "$1" | put 755 /usr/bin/crng.new
  mv "$TREE/usr/bin/crng.new" "$TREE/usr/bin/crng"
}

# captured NAME CMD…: puts what crng prints into that directory, when it is run by CMD.
captured() {
  local name=$1
  shift
  { "$@" "$CRNG" check -v 2>&1 || true; } | put 644 "/said/$name/check"
  { "$@" "$CRNG" status --json || true; } | put 644 "/said/$name/status"
}

# changed FROM NAME FILTER: a copy of these files, in which jq has changed the report.
changed() {
  mkdir -p "$TREE/said/$2"
  cp "$TREE/said/$1/check" "$TREE/said/$2"
  jq "$3" "$TREE/said/$1/status" | put 644 "/said/$2/status"
}

# With a task that waits, as the supervisor sees it.
beside_a_task() {
  fakeboot --poll none -- bash -c '"$BLOCKER" getrandom & asleep $!; "$@"; status=$?; kill $!; exit $status' bash "$@"
}

@test "the server imports the template again without a change, and refuses a broken one" {
  run -0 import
  [ "$output" = true ]
  run ! api configuration.import '{"format": "yaml", "source": "zabbix_export: {version: 6.0, x: 1}", "rules": {}}'
}

@test "every item is supported, and has what crng says to the user of the agent" {
  [ "$(inside stat -c %U "/proc/$(inside cat /run/zabbix/zabbix_agentd.pid)")" = zabbix ]
  report=$(inside runuser -u zabbix -- crng status --json)
  new_host
  value crng.check ready
  value crng.waiters "$(jq -r .waiters.total <<<"$report")"
  run -0 values
  has -Fx "crng.ready_seconds: $(jq -r '.ready_seconds // "none"' <<<"$report")"
  has -Fx "crng.cloned_not_reseeded: $(jq -r '.environment.cloned_not_reseeded |
    if . == null then "none" elif . then 1 else 0 end' <<<"$report")"
  [[ $output != *"not supported"* ]]
  fires
}

@test "the items have the values of the report" {
  captured fine env
  changed fine known '.ready_seconds = 93.5 | .environment.cloned_not_reseeded = false'
  says known
  new_host
  value crng.ready_seconds 93.5
  value crng.cloned_not_reseeded 0
  value crng.waiters 0
}

@test "that the RNG is not ready fires after four samples, and ends with the first that is" {
  captured unready fakeboot --
  new_host
  value crng.check ready
  says unready
  pass 1
  value crng.check "not ready"
  for _ in 2 3 4 5; do
    # In this order: more samples can follow at any time.
    fired=$(firing)
    samples=$(unready_samples)
    [ -z "$fired" ] || [ "$samples" -ge 4 ]
    pass 1
    eventually more_samples "$samples"
  done
  fires "The kernel RNG is not ready"
  real
  pass 1
  value crng.check ready
  fires
}

unready_samples() {
  api history.get "{\"history\": 1, \"hostids\": \"$HOST\"}" | jq '[.[] | select(.value == "not ready")] | length'
}

more_samples() {
  sleep 0.3
  [ "$(unready_samples)" -gt "$1" ]
}

@test "that it is not known whether the RNG is ready fires at once, also where crng says nothing or is missing" {
  captured unknown inject ENOSYS
  for name in check status; do put 644 "/said/nothing/$name" </dev/null; done
  new_host
  value crng.check ready
  for kind in unknown nothing missing; do
    if [ "$kind" = missing ]; then rm "$TREE/usr/bin/crng"; else says "$kind"; fi
    # The report is taken every 5 minutes.
    pass 6
    fires "It is not known whether the kernel RNG is ready"
    run -0 values
    [[ $output != *"not supported"* ]]
    real
    pass 1
    fires
  done
}

@test "that nothing is known fires after 15 minutes without crng.conf, and ends when it is back" {
  new_host
  value crng.check ready
  mv "$TREE$CONF" "$TREE/crng.conf"
  inside zabbix_agentd -R userparameter_reload
  pass 1
  eventually refused
  fires
  pass 16
  fires "Nothing is known of the kernel RNG"
  mv "$TREE/crng.conf" "$TREE$CONF"
  inside zabbix_agentd -R userparameter_reload
  pass 1
  fires
  value crng.check ready
}

refused() {
  sleep 0.3
  values | grep -q '^crng.check: not supported: '
}

@test "that tasks are blocked fires after 10 minutes, and ends when none is, or none can be seen any more" {
  captured blocked beside_a_task
  [ "$(jq .waiters.total "$TREE/said/blocked/status")" -ge 1 ]
  captured confined fakeboot -- unshare -pf --mount-proc
  [ "$(jq -c '.waiters | [.total, .confined]' "$TREE/said/confined/status")" = '[0,true]' ]
  # Only the report counts in this test.
  for name in blocked confined; do echo ready >"$TREE/said/$name/check"; done
  new_host
  value crng.waiters 0
  for after in real confined; do
    says blocked
    pass 6
    value crng.waiters "$(jq .waiters.total "$TREE/said/blocked/status")"
    fires
    pass 6
    fires "Tasks are blocked on the kernel RNG"
    if [ $after = real ]; then real && pass 6; else says confined && pass 16; fi
    fires
  done
}

@test "that a clone was not reseeded fires, and ends when it was, or that is no longer known" {
  captured fine env
  changed fine clone '.environment.cloned_not_reseeded = true'
  changed fine reseeded '.environment.cloned_not_reseeded = false'
  changed fine unknown '.environment.cloned_not_reseeded = null'
  says reseeded
  new_host
  value crng.cloned_not_reseeded 0
  for after in reseeded unknown; do
    says clone
    pass 6
    value crng.cloned_not_reseeded 1
    fires
    pass 6
    fires "The machine was cloned, and its kernel RNG is not known to have been reseeded"
    says $after
    if [ $after = reseeded ]; then pass 6; else pass 16; fi
    fires
  done
}
