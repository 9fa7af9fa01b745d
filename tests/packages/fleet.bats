#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A fleet: Prometheus, node_exporters of machines in different states, the alerts, the page, and
# 1,000 simulated machines.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper

PROMETHEUS=$TOP/integration/prometheus
BROWSE=$TOP/tests/tools/browse

setup() {
  sanitized && skip "the test does not depend on the program"
  # Prometheus 3 is "prometheus" as well, but Debian 13 may have neither.
  need prometheus promtool prometheus-node-exporter curl jq python3
  need_fakeboot
  cd "$BATS_TEST_TMPDIR" || return
  : >pids
}

teardown() {
  [ ! -f "$BATS_TEST_TMPDIR/pids" ] || xargs -r kill <"$BATS_TEST_TMPDIR/pids" || true
}

# in_background LOG CMD…: runs CMD until the end of the test.
in_background() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 3>&- &
  echo $! >>"$BATS_TEST_TMPDIR/pids"
}

listens() {
  PORT=$(sed -n 's/.*[Ll]istening on.*127\.0\.0\.1:\([0-9]*\).*/\1/p' "$1")
  [ -n "$PORT" ]
}

# machine NAME: a machine whose metrics are in NAME/crng.prom; adds it to targets.
machine() {
  mkdir -p "$1"
  cat >"$1/crng.prom"
  in_background "$1.log" prometheus-node-exporter --collector.disable-defaults \
    --collector.textfile --collector.time --collector.textfile.directory "$PWD/$1" \
    --web.listen-address 127.0.0.1:0
  eventually listens "$1.log"
  printf '  - targets: ["127.0.0.1:%s"]\n    labels: { instance: "%s:9100" }\n' "$PORT" "$1" >>targets
}

# changed LINE…: copies metrics, except those that depend on this machine, and adds these lines.
changed() {
  local line
  grep -vE '^(# [A-Z]+ )?crng_(cloned_not_reseeded|ready_seconds|boot_time_seconds|advice|waiters)[ {]'
  for line; do
    printf '# TYPE %s gauge\n%s\n' "${line%%[ {]*}" "$line"
  done
}

# serve: starts Prometheus with the rules, without delays ("for:"), and with the jobs on
# standard input. $URL is its address.
serve() {
  sed 's/for: .*/for: 0s/; s/\[5m\]/[1m]/' "$PROMETHEUS/crng.rules.yml" >crng.rules.yml
  {
    printf 'global: { scrape_interval: %s, scrape_timeout: %s, evaluation_interval: %s }\n' \
      "${INTERVAL:-10s}" "${INTERVAL:-10s}" "${EVALUATION:-10s}"
    printf 'rule_files: [ crng.rules.yml ]\nscrape_configs:\n'
    cat
  } >prometheus.yml
  promtool check config prometheus.yml
  PORT=$(free_port)
  URL=http://127.0.0.1:$PORT
  in_background prometheus.log prometheus --config.file=prometheus.yml --storage.tsdb.path="$PWD/data" \
    --web.listen-address="127.0.0.1:$PORT" --web.console.templates="$PROMETHEUS/consoles"
  eventually curl -sf -o /dev/null "$URL/-/ready"
}

# firing: prints "ALERT INSTANCE" for each alert that fires.
firing() {
  curl -sf "$URL/api/v1/alerts" |
    jq -r '.data.alerts[] | select(.state == "firing") | "\(.labels.alertname) \(.labels.instance)"' | sort
}

fires() {
  [ "$(firing)" = "$1" ]
}

# The machines: one that is ready, one that waits for entropy and has blocked tasks, one where a
# sandbox forbids the question, one that booted slowly, one that needs a seed, a clone, one whose
# timer has stopped, and one without metrics of crng.
fleet() {
  metrics=("$CRNG" status --format=prometheus)
  : >targets
  "${metrics[@]}" | changed 'crng_waiters 0' 'crng_cloned_not_reseeded 0' | machine fine
  fakeboot -- "${metrics[@]}" | changed 'crng_waiters 2' | machine starved
  inject ENOSYS "${metrics[@]}" | changed | machine sandbox
  "${metrics[@]}" | changed 'crng_ready_seconds 93.5' "crng_boot_time_seconds $(($(date +%s) - 3600))" |
    machine slow
  "${metrics[@]}" | changed 'crng_advice{id="seed-uncreditable",severity="warning"} 1' | machine seedless
  "${metrics[@]}" | changed 'crng_cloned_not_reseeded 1' | machine clone
  "${metrics[@]}" | changed | machine stopped
  touch -d '1 hour ago' stopped/crng.prom
  machine silent </dev/null
  rm silent/crng.prom
  serve < <(printf -- '- job_name: node\n  static_configs:\n' && cat targets)
}

EXPECTED='CrngClonedNotReseeded clone:9100
CrngMetricsStale stopped:9100
CrngNotReady starved:9100
CrngSeedNotCreditable seedless:9100
CrngSlowBoot slow:9100
CrngTasksBlocked starved:9100
CrngUndetermined sandbox:9100'

@test "each alert fires for its machine alone, and ends when its reason does" {
  fleet
  eventually fires "$EXPECTED"
  # The machine becomes ready, and the package of another is purged.
  sed -i 's/^crng_ready 0/crng_ready 1/; s/^crng_waiters 2/crng_waiters 0/' starved/crng.prom
  rm stopped/crng.prom
  eventually fires "$(grep -v 'starved\|stopped' <<<"$EXPECTED")"
}

@test "the page shows the fleet, and a click shows the machine and its alerts" {
  need chromium
  fleet
  eventually fires "$EXPECTED"
  # An alert becomes a series later, once Prometheus has restored the state of its group.
  eventually query_has 'count(ALERTS{alertstate="firing"})' 7
  run -0 "$BROWSE" "$URL/consoles/crng.html" text .tiles text 'a[href*=silent]' count '#all a' count '#all a.bad' \
    shot fleet.png click 'td a[href*=starved]' address text '#verdict' text h1 shot machine.png \
    click '#fleet' address type 'input[name=instance]' clone:9100 click button text body
  echo "$output"
  for tile in $'7\nmachines' $'5\nready' $'1\nnot ready' $'1\nundetermined' $'1\nwith blocked tasks' $'1\nclones, not reseeded' $'1\nseed file not credited' $'1\nwith stale metrics'; do
    [[ $output == *"$tile"* ]]
  done
  has -F "$URL/consoles/crng.html?job=node&instance=starved"
  has -E '^silent:9100'
  has -E '^Not ready: '
  has -F 'starved:9100 node'
  has -E '^CrngClonedNotReseeded.*critical.*firing'
  if [ -n "${SCREENSHOTS:-}" ]; then
    cp fleet.png machine.png "$SCREENSHOTS"
  fi
}

@test "the two jobs of docs/fleet.md count each machine once" {
  machine both < <("$CRNG" status --format=prometheus)
  awk '/^```yaml/ { block++ } /^```/ { next } block == 1 && /^ / { print } block == 1 && /^$/ { exit }' "$TOP/docs/fleet.md" |
    sed "s/1m/10s/; s/^  - job_name: .*/&\n    static_configs: [ { targets: [ '127.0.0.1:$PORT' ] } ]/" >scrapes.yml
  serve <scrapes.yml
  eventually query_has 'count(up == 1)' 2
  query_has 'count(crng_determined)' 1
  query_has 'count(crng_determined{job="crng"})' 1
  query_has 'count(node_textfile_mtime_seconds)' 1
  query_has 'count(node_textfile_scrape_error)' 2
}

@test "the page escapes hostile labels, and reports a machine that does not exist" {
  cp "$TOP/tests/data/golden/hostile.prom" hostile.txt
  : >targets
  machine hostile <hostile.txt
  sed -i 's/instance: .* }/instance: "<script>alert(1)<\/script>\\"{}" }/' targets
  serve < <(for job in node other; do printf -- '- job_name: %s\n  static_configs:\n' $job && cat targets; done)
  eventually query_has 'count(crng_determined)' 2
  run -0 curl -sf "$URL/consoles/crng.html"
  [[ $output != *'<script'* ]]
  has -F '&lt;script&gt;'
  run -0 curl -sf -G "$URL/consoles/crng.html" --data-urlencode 'job=node' \
    --data-urlencode 'instance=<script>alert(1)</script>"{}'
  [[ $output != *'<script'* ]]
  has -F 'Undetermined'
  [[ $output != *'Several jobs'* ]]
  run -0 curl -sf -G "$URL/consoles/crng.html" --data-urlencode 'instance=<script>alert(1)</script>"{}'
  has -F 'Several jobs have a machine of this name:'
  run -0 curl -sf -G "$URL/consoles/crng.html" --data-urlencode 'instance="} or crng_ready{instance=~".*'
  has -F 'There are no metrics of crng for this machine.'
}

# query_has QUERY VALUE
query_has() {
  [ "$(curl -sf -G "$URL/api/v1/query" --data-urlencode "query=$1" | jq -r '.data.result[0].value[1]')" = "$2" ]
}

# simulated N: the metrics of this machine as those of N machines, some in other states: one in 100
# is not ready, one in 500 is a clone, and one in 4 took more than 30 seconds. Each machine has all
# series of the job crng of docs/fleet.md, and those that Prometheus adds for a target.
simulated() {
  "$CRNG" status --format=prometheus | awk -v machines="$1" -v now="$(date +%s)" '
    /^# TYPE/ { type[$3] = $0 }
    /^[a-z]/ { name = $1; sub(/[{].*/, "", name); value = $NF; labels = ""
      if ($0 ~ /[{]/) { labels = $0; sub(/^[^{]*[{]/, "", labels); sub(/[}] [^}]*$/, "", labels); labels = "," labels }
      n++; names[n] = name; all[n] = labels; values[n] = value; seen[name] = 1 }
    function put(name, labels, i, value) {
      if (name != last) { print "# TYPE " name " gauge"; last = name }
      printf "%s{instance=\"host%05d:9100\",job=\"node\"%s} %s\n", name, i, labels, value }
    END {
      for (k = 1; k <= n; k++) for (i = 0; i < machines; i++) {
        value = values[k]
        if (names[k] == "crng_ready" && i % 100 == 7) value = 0
        if (names[k] == "crng_waiters" && i % 100 == 7) value = 3
        if (names[k] == "crng_cloned_not_reseeded" && i % 500 == 9) value = 1
        if (names[k] == "crng_ready_seconds" && i % 100 == 7) continue
        if (names[k] == "crng_ready_seconds") value = (i * 7919 % 1000) / 25
        put(names[k], all[k], i, value) }
      for (i = 0; i < machines; i++)
        put("node_textfile_mtime_seconds", ",file=\"/var/lib/prometheus/node-exporter/crng.prom\"", i, now)
      others = split("up scrape_duration_seconds scrape_samples_scraped scrape_samples_post_metric_relabeling" \
        " scrape_series_added node_textfile_scrape_error node_time_seconds", other, " ")
      for (k = 1; k <= others; k++) for (i = 0; i < machines; i++)
        put(other[k], "", i, other[k] == "node_time_seconds" ? now : 0)
    }'
}

# evaluated N: collects the evaluations of each group of rules; succeeds after N of both groups,
# and an earlier one, which can be older than the machines.
evaluated() {
  sleep 0.5
  curl -sf "$URL/api/v1/rules" |
    jq -r '.data.groups[] | "\(.name) \(.lastEvaluation) \(.evaluationTime)"' >>evaluations
  sort -u -o evaluations evaluations
  [ "$(grep -c '^crng ' evaluations)" -gt "$1" ] && [ "$(grep -c '^crng-fleet ' evaluations)" -gt "$1" ]
}

@test "1,000 machines: the rules and the page take little time" {
  need chromium
  # $MACHINES measures another number of them, with a longer $INTERVAL and $EVALUATION.
  machines=${MACHINES:-1000}
  mkdir www
  simulated "$machines" >www/fleet.txt
  in_background http.log python3 -u -m http.server 0 --bind 127.0.0.1 --directory www
  eventually grep -q ' port [0-9]' http.log
  port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' http.log | head -n 1)
  serve <<END
- job_name: fleet
  honor_labels: true
  metrics_path: /fleet.txt
  static_configs:
  - targets: [ "127.0.0.1:$port" ]
END
  eventually query_has 'count(crng_determined)' "$machines"
  eventually query_has 'crng:not_ready:count' $((machines / 100))
  eventually query_has 'count(ALERTS{alertname="CrngNotReady",alertstate="firing"})' $((machines / 100))
  eventually evaluated 5
  groups=$(awk 'seen[$1]++ && (!($1 in best) || $3 < best[$1]) { best[$1] = $3 } END { for (g in best) print g, best[g] }' evaluations | sort)
  slowest=$(curl -sf "$URL/api/v1/rules" | jq -r '[.data.groups[].rules[]] | max_by(.evaluationTime)
    | "\(.name), with \(.alerts | length) alerts, once | \(.evaluationTime * 1000 | round) ms"')
  page=$(for _ in 1 2 3 4 5; do curl -sf -o page.html -w '%{time_total}\n' "$URL/consoles/crng.html"; done | sort -n | head -n 1)
  # The page shows at most 2,000.
  [ "$(grep -c '<a .*title="host' page.html)" -eq $((machines < 2000 ? machines : 2000)) ]
  shown=$("$BROWSE" "$URL/consoles/crng.html" time shot thousand.png)
  [ -z "${SCREENSHOTS:-}" ] || cp thousand.png "$SCREENSHOTS"
  memory() { curl -sf "$URL/metrics" | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
  {
    echo "| what | $machines machines |"
    echo "$groups" | awk '{ printf "| one evaluation of the group %s, best of 5 | %.1f ms |\n", $1, $2 * 1000 }'
    echo "| the slowest rule: $slowest |"
    awk -v t="$page" 'BEGIN { printf "| the page, best of 5 | %d ms |\n", t * 1000 }'
    echo "| the page in Chromium, loaded | $shown ms |"
    echo "| series in the head | $(memory prometheus_tsdb_head_series) |"
    echo "| resident memory of Prometheus | $(($(memory process_resident_memory_bytes) / 1048576)) MiB |"
    echo "| series of one machine | $(grep -c 'host00001:' www/fleet.txt) |"
    echo "| bytes of crng.prom | $("$CRNG" status --format=prometheus | wc -c) |"
    echo "| load | $(cut -d ' ' -f 1-3 /proc/loadavg) |"
  } | tee figures | sed 's/^/# /' >&3
  # Far more than a busy machine needs, but half of the usual interval, a minute.
  awk '{ sum += $2 } END { exit !(sum < 30) }' <<<"$groups"
}
