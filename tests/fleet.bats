#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The metrics, alerts and checks for monitoring systems. tests/packages/fleet.bats runs
# Prometheus itself.
# shellcheck disable=SC2030,SC2031,SC2154

load helper

FLEET=$TOP/integration
PROMETHEUS=$FLEET/prometheus

setup() {
  sanitized && skip "the test does not depend on the program"
  # The monitoring systems run "crng", which they find in PATH.
  mkdir "$BATS_TEST_TMPDIR/bin"
  ln -s "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  PATH=$BATS_TEST_TMPDIR/bin:/usr/sbin:$PATH
}

# alerts: prints the names of the alerts.
alerts() {
  sed -n 's/^ *- alert: //p' "$PROMETHEUS/crng.rules.yml"
}

@test "promtool accepts the rules, and each alert has a test in which it fires and one in which it does not" {
  need promtool
  run -0 promtool check rules "$PROMETHEUS/crng.rules.yml"
  run -0 promtool test rules "$PROMETHEUS/crng.rules.test.yml"
  diff <(alerts | sort) <(sed -n 's/^ *alertname: //p' "$PROMETHEUS/crng.rules.test.yml" | sort -u)
  [ "$(alerts | wc -l)" -eq 7 ]
  for alert in $(alerts); do
    run -0 awk -v alert="alertname: $alert" '
      index($0, alert) { ours = 1; next }
      ours && /exp_alerts: \[\]/ { silent = 1 }
      ours && /exp_alerts:$/ { fires = 1 }
      /exp_alerts/ { ours = 0 }
      END { exit !(silent && fires) }' "$PROMETHEUS/crng.rules.test.yml"
  done
}

@test "the tests of the rules find an alert that never fires, and one that always does" {
  need promtool
  cd "$BATS_TEST_TMPDIR"
  cp "$PROMETHEUS/crng.rules.test.yml" .
  for alert in $(alerts); do
    for wrong in 'vector(0) > 1' 'crng_determined or crng_ready or crng_waiters or crng_ready_seconds or crng_seed_file_credited or crng_cloned_not_reseeded or node_textfile_mtime_seconds'; do
      awk -v alert="- alert: $alert" -v wrong="$wrong" '
        index($0, alert) { ours = 1 }
        ours && /^ *expr:/ { print "        expr: " wrong; skip = 1; ours = 0; next }
        skip && /^          / { next }
        { skip = 0; print }' "$PROMETHEUS/crng.rules.yml" >crng.rules.yml
      run -0 promtool check rules crng.rules.yml
      run -1 promtool test rules crng.rules.test.yml
      has -F "alertname: $alert"
    done
  done
}

@test "each alert has a severity, a summary, a description, and a section of docs/fleet.md" {
  need python3
  run -0 python3 - "$PROMETHEUS/crng.rules.yml" <<'PYTHON'
import sys, yaml
for rule in yaml.safe_load(open(sys.argv[1]))['groups'][0]['rules']:
    assert rule['labels']['severity'] in ('critical', 'warning', 'info'), rule
    assert sorted(rule['annotations']) == ['description', 'runbook_url', 'summary'], rule
    assert '{{ $labels.instance }}' in rule['annotations']['summary'], rule
    print(rule['alert'], rule['annotations']['runbook_url'])
PYTHON
  while read -r alert link; do
    [ "$link" = "docs/fleet.md#${alert,,}" ] || fail "$alert links to $link"
    grep -qx "### $alert" "$TOP/docs/fleet.md" || fail "no section $alert"
  done <<<"$output"
}

# seconds DURATION: prints a time such as 5min, 7m or 1h in seconds.
seconds() {
  case $1 in
  *min) echo $((${1%min} * 60)) ;;
  *m) echo $((${1%m} * 60)) ;;
  *h) echo $((${1%h} * 3600)) ;;
  *s) echo "${1%s}" ;;
  esac
}

@test "an alert waits for a second report, and the metrics are stale only after three missed ones" {
  timer=$PROMETHEUS/prometheus-node-exporter-crng.timer
  late=$(($(seconds "$(sed -n 's/^OnUnitActiveSec=//p' "$timer")") + $(seconds "$(sed -n 's/^AccuracySec=//p' "$timer")")))
  [ "$late" -eq 315 ]
  # The interval of the scrapes is at most a minute.
  while read -r limit; do
    [ "$(seconds "$limit")" -gt $((late + 60)) ]
  done < <(sed -n 's/^ *for: //p' "$PROMETHEUS/crng.rules.yml" | sort -u)
  [ "$(grep -c '> 1200$' "$PROMETHEUS/crng.rules.yml")" -eq 1 ]
  [ $((3 * late)) -lt 1200 ]
}

# collect CRNG: runs what the service runs, with this program.
collect() {
  local script
  script=$(sed -n "s%^ExecStart=/bin/sh -euCc '\(.*\)'\$%\1%p" "$PROMETHEUS/prometheus-node-exporter-crng.service.in")
  (umask 022 && sh -euCc "${script//@bindir@\/crng/$1}")
}

@test "the service replaces the metrics as a whole, and leaves them when crng fails" {
  enter_work
  collect "$CRNG"
  [ "$(ls)" = crng.prom ]
  [ "$(stat -c %a crng.prom)" = 644 ]
  grep -q '^crng_determined 1$' crng.prom
  echo old >crng.prom
  printf '#!/bin/sh\necho half\nexit 3\n' >"$BATS_TEST_TMPDIR/bin/broken"
  chmod 755 "$BATS_TEST_TMPDIR/bin/broken"
  run -3 collect broken
  [ "$(cat crng.prom)" = old ]
  # What is left does not hold up the next run, and a link leads nowhere.
  echo theirs >other
  ln -sf other crng.prom.new
  ln -sf other crng.prom
  collect "$CRNG"
  [ "$(cat other)" = theirs ]
  [ ! -h crng.prom ]
  rm other
  [ "$(ls)" = crng.prom ]
}

@test "removing the package deletes the metrics, upgrading it does not" {
  export DPKG_ROOT=$BATS_TEST_TMPDIR/root
  metrics=$DPKG_ROOT/var/lib/prometheus/node-exporter
  mkdir -p "$metrics"
  for action in upgrade remove purge; do
    touch "$metrics/crng.prom" "$metrics/crng.prom.new" "$metrics/other.prom"
    sh "$TOP/packaging/debian/crng.postrm" "$action"
    [ -e "$metrics/other.prom" ]
    [ -e "$metrics/crng.prom" ] || [ "$action" != upgrade ]
    [ ! -e "$metrics/crng.prom" ] || [ "$action" = upgrade ]
  done
  [ ! -e "$metrics/crng.prom.new" ]
}

# machines COMMAND…: runs it on a machine that is ready, on one that is not, on one where that
# is unknown, and without crng; prints the output and the status of each.
machines() {
  local status
  for machine in ready unready unknown missing; do
    status=0
    case $machine in
    ready) "$@" ;;
    unready) fakeboot -- "$@" ;;
    unknown) inject ENOSYS "$@" ;;
    missing) PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" ;;
    esac 2>&1 || status=$?
    echo "$machine: $status"
  done
}

@test "the local check of Checkmk has a status, a name, a metric and a text in every state" {
  need_fakeboot
  need strace
  ! command -v crng | grep -v "$BATS_TEST_TMPDIR" || skip "crng is installed"
  run -0 machines "$FLEET/checkmk/crng"
  [ "${lines[0]}" = '0 "Kernel RNG" ready=1 CRNG OK - the kernel RNG is ready' ]
  [[ ${lines[2]} == '2 "Kernel RNG" ready=0 CRNG CRITICAL - '* ]]
  [[ ${lines[4]} == '3 "Kernel RNG" - CRNG UNKNOWN - getrandom: '* ]]
  [[ ${lines[6]} == '3 "Kernel RNG" - '*crng*"not found" ]]
  [ "$(grep -c ': 0$' <<<"$output")" -eq 4 ]
  [ "${#lines[@]}" -eq 8 ]
}

@test "NRPE answers check_nrpe as crng check does" {
  need nrpe
  for plugin in "$(command -v check_nrpe)" "$(dirname "$(command -v nrpe)")/../lib/nagios/plugins/check_nrpe"; do
    [ ! -x "$plugin" ] || break
  done
  [ -x "$plugin" ] || skip "check_nrpe is not installed"
  # NRPE does not run commands as root.
  user=$(id -un)
  if [ "$user" = root ]; then
    user=nobody
    setpriv --reuid=nobody "$CRNG" check || skip "nobody cannot run the program here"
  fi
  enter_work
  sed "s%/usr/bin/crng%$CRNG%" "$FLEET/nagios/crng.cfg" >crng.cfg
  port=$(free_port)
  printf '%s\n' "server_address=127.0.0.1" "server_port=$port" allowed_hosts=127.0.0.1 \
    "nrpe_user=$user" "nrpe_group=$(id -gn "$user")" debug=0 "pid_file=$PWD/pid" "include=$PWD/crng.cfg" >nrpe.cfg
  nrpe -n -c "$PWD/nrpe.cfg" -f >log 2>&1 3>&- &
  server=$!
  # Whether it answers, or has ended.
  answers() {
    "$plugin" -n -H 127.0.0.1 -p "$port" >/dev/null 2>&1 || ! kill -0 "$server" 2>/dev/null
  }
  eventually answers
  kill -0 "$server" || fail "nrpe has ended: $(cat log)"
  run "$plugin" -n -H 127.0.0.1 -p "$port" -c check_crng
  kill "$server"
  [ "$status" -eq 0 ]
  [ "$output" = "$("$CRNG" check --format=nagios)" ]
}

@test "the agent of Zabbix knows the items, and the template takes its values from them" {
  need python3 jq
  cd "$FLEET/zabbix"
  # Every key of the template that the agent answers is in crng.conf, and each path in a report.
  "$CRNG" status --json >"$BATS_TEST_TMPDIR/report"
  run -0 python3 - <<'PYTHON'
import yaml, uuid
export = yaml.safe_load(open('crng.yaml'))['zabbix_export']
ids = []
for template in export['templates']:
    ids.append(template['uuid'])
    for item in template['items']:
        for step in item.get('preprocessing', []):
            # The server refuses the whole template otherwise.
            assert step['type'] != 'JAVASCRIPT' or 'error_handler' not in step, step
        ids += [item['uuid']] + [trigger['uuid'] for trigger in item.get('triggers', [])]
        print(item.get('type', 'AGENT'), item['key'],
              item['preprocessing'][0]['parameters'][0] if 'preprocessing' in item else '-')
        for trigger in item.get('triggers', []):
            assert '/%s/%s' % (template['template'], item['key']) in trigger['expression'], trigger
assert len(ids) == len(set(ids)) and all(uuid.UUID(i).version == 4 for i in ids)
PYTHON
  while read -r type key path; do
    if [ "$type" = AGENT ]; then
      grep -q "^UserParameter=$key," crng.conf || fail "no $key"
    else
      jq -e "[paths | map(tostring) | join(\".\")] | index(\"${path#$.}\")" "$BATS_TEST_TMPDIR/report" >/dev/null || fail "no $path"
    fi
  done <<<"$output"
  grep -q nodata crng.yaml
}

# agent KEY: what zabbix_agentd answers.
agent() {
  local program libraries
  program=$(PATH=$REST command -v zabbix_agentd)
  # An agent that was only unpacked has its libraries beside it.
  libraries=$(echo "$(dirname "$program")"/../lib/*-linux-gnu*)
  LD_LIBRARY_PATH=${libraries// /:} "$program" -c agent.conf -t "$1"
}

@test "zabbix_agentd answers with the verdict and the report, or with what the shell says without crng" {
  need zabbix_agentd jq
  REST=$PATH
  enter_work
  cp "$FLEET/zabbix/crng.conf" .
  printf '%s\n' Server=127.0.0.1 "LogFile=$PWD/log" "PidFile=$PWD/pid" Timeout=30 "Include=$PWD/crng.conf" >agent.conf
  run -0 agent crng.check
  has -E '^crng.check +\[t\|ready\]$'
  run -0 agent crng.status
  [ "$(sed -E '1s/^crng.status +\[t\|//; $s/\]$//' <<<"$output" | jq -r .verdict)" = ready ]
  PATH=/usr/sbin:/usr/bin:/sbin:/bin
  ! command -v crng || skip "crng is installed"
  run -0 agent crng.check
  has -E '\[t\|.*crng.*not found\]$'
}

# template KEY WHAT: a part of that item of the template.
template() {
  python3 - "$FLEET/zabbix/crng.yaml" "$1" "$2" <<'PYTHON'
import sys, yaml
items = yaml.safe_load(open(sys.argv[1]))['zabbix_export']['templates'][0]['items']
item = [item for item in items if item['key'] == sys.argv[2]][0]
if sys.argv[3] == 'triggers':
    print(*[trigger['expression'] for trigger in item['triggers']], sep='\n')
else:
    print([step for step in item['preprocessing'] if step['type'] == sys.argv[3]][0]['parameters'][0])
PYTHON
}

@test "the template of Zabbix takes all but ready and not ready for unknown, and waits for more than one sample" {
  need python3 strace
  need_fakeboot
  run -0 template crng.check triggers
  [[ ${lines[0]} == 'count('*',5m,"eq","not ready")>=4 and '* ]]
  known=$(sed -n 's/^find(.*,,"regexp","\(.*\)")=0$/\1/p' <<<"${lines[1]}")
  [ -n "$known" ]
  [ "$(printf '%s\n' ready 'not ready' 'not ready yet' already '' 'sh: 1: crng: not found' | grep -cE "$known")" -eq 2 ]
  # shellcheck disable=SC2016 # for sh
  run -0 machines sh -c 'crng check -v 2>&1 | grep -qE "$1"' sh "$known"
  [[ $output == $'ready: 0\nunready: 0\nunknown: 1\n'* ]]
}

@test "the template of Zabbix has no number of blocked tasks where none was seen, but some are hidden" {
  need python3 node
  script=$(template crng.waiters JAVASCRIPT)
  # blocked WAITERS: the value of the item, before its last step.
  blocked() {
    node -e 'console.log(new Function("value", process.argv[1])(process.argv[2]))' "$script" "$1"
  }
  seen='"hidden": 0, "running": 0, "skipped": 0, "hidepid": false, "confined": false'
  [ "$(blocked "{\"total\": 0, $seen}")" = 0 ]
  [ "$(blocked "{\"total\": 2, $seen}")" = 2 ]
  for hidden in '"hidden": 7' '"running": 1' '"skipped": 1' '"hidepid": true' '"confined": true'; do
    # The last of two members with the same name counts.
    [ -z "$(blocked "{\"total\": 0, $seen, $hidden}")" ]
    [ "$(blocked "{\"total\": 2, $seen, $hidden}")" = 2 ]
  done
  [ -z "$(blocked null)" ]
}

@test "Ansible has the report as a local fact, or the reason why there is none" {
  need ansible jq
  enter_work
  mkdir facts home
  cp "$FLEET/ansible/crng.fact" facts
  # Ansible insists on UTF-8.
  export LC_ALL=C.UTF-8 HOME=$PWD/home ANSIBLE_LOCAL_TEMP=$PWD/home
  # fact FILTER: what jq takes from the fact.
  fact() {
    ansible localhost -i localhost, -c local -m setup \
      -a "fact_path=$PWD/facts filter=ansible_local gather_subset=!all,local" |
      sed '1s/.*=> //' | jq -r ".ansible_facts.ansible_local.crng | $1"
  }
  [ "$(fact .verdict)" = ready ]
  printf '#!/bin/sh\necho "{ \\"half"\nexit 3\n' >crng
  chmod 755 crng
  PATH=$PWD:$PATH
  [ "$(fact '.verdict, .reasons.verdict')" = $'null\ncrng status failed with status 3' ]
  PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  ! command -v crng || skip "crng is installed"
  [ "$(fact '.verdict, .reasons.verdict')" = $'null\ncrng is not installed' ]
}

@test "the file for Telegraf runs crng status, and limits its time" {
  need python3
  python3 -c 'import tomllib' 2>/dev/null || skip "this python3 cannot read TOML"
  run -0 python3 - "$FLEET/telegraf/crng.conf" <<'PYTHON'
import sys, tomllib
inputs = tomllib.load(open(sys.argv[1], 'rb'))['inputs']['exec']
assert len(inputs) == 1 and inputs[0]['data_format'] == 'prometheus' and inputs[0]['timeout'] == '10s'
print(*inputs[0]['commands'], sep='\n')
PYTHON
  [ "$output" = "crng status --format=prometheus" ]
  $output | grep -q '^crng_ready 1$'
}

@test "docs/fleet.md has a row for each monitoring system, and names its files" {
  count=0
  while read -r file; do
    count=$((count + 1))
    grep -qF "\`$file\`" "$TOP/docs/fleet.md" || fail "docs/fleet.md does not name $file"
  done < <(cd "$FLEET" && find ansible checkmk nagios prometheus telegraf zabbix -type f ! -name '*.test.yml' ! -name '*.in' ! -name '*.timer')
  [ "$count" -ge 8 ]
}

@test "Prometheus accepts the configurations of docs/fleet.md" {
  need promtool
  cd "$BATS_TEST_TMPDIR"
  awk '/^```yaml/ { n++; show = 1; next } /^```/ { show = 0 } show { print >("block" n ".yml") }' "$TOP/docs/fleet.md"
  [ -f block2.yml ]
  for block in block*.yml; do
    grep -q '^scrape_configs:' "$block"
    run -0 promtool check config "$block"
  done
  # Without it, Prometheus would rename the labels of the alerts.
  grep -q 'honor_labels: true' block2.yml
}
