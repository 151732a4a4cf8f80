# shellcheck shell=bash disable=SC2016,SC2154  # ci/lab sources it
# How long callers are without an answer, with the stock agent and with ours. Takes more than an hour:
# ci/lab --nodes 3 outages. Each of FAULTS is provoked ROUNDS times (10), with each of AGENTS. The CPU
# time of the agent is measured for MINUTES (3; 0: not).

rounds=${ROUNDS:-10}
minutes=${MINUTES:-3}
read -ra agents_under_test <<<"${AGENTS:-stock ours-10s ours-1s ours-watch}"
((nodes >= 3)) || die "outages needs three nodes: ci/lab --nodes 3 outages"

# --- the resource ---

calls=/var/tmp/calls # of the agent, on each node

# The request gets a reply, and what the cluster calls is noted with its time.
furnish() {
  local agent
  on "$1" install -m 0666 /dev/null $calls
  on "$1" sed -i '/^request_route {/a if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }' \
    /etc/kamailio/kamailio.cfg
  for agent in heartbeat sip; do
    on "$1" bash -ec "cd $agents/$agent && mkdir -p /usr/lib/lab/$agent && cp -a kamailio /usr/lib/lab/$agent/real"
  done
}

note_calls() {
  local agent n
  for ((n = 1; n <= nodes; ++n)); do
    for agent in heartbeat sip; do
      # A monitor may wait, and its file is not changed.
      on "node$n" bash -ec "cd $agents/$agent && rm kamailio && cat >kamailio" <<END
#!/bin/bash
echo "\$EPOCHREALTIME begins \$1" >>$calls
/usr/lib/lab/$agent/real "\$@"
code=\$?
echo "\$EPOCHREALTIME ends \$1 \$code" >>$calls
exit \$code
END
      on "node$n" chmod 755 "$agents/$agent/kamailio"
    done
  done
}

note_nothing() {
  local agent n
  for ((n = 1; n <= nodes; ++n)); do
    for agent in heartbeat sip; do
      on "node$n" cp -a --remove-destination "/usr/lib/lab/$agent/real" "$agents/$agent/kamailio"
    done
  done
}

configure() {
  local common=(listen_address="$address" monitoring_ip="$address")
  local ours=(ocf:sip:kamailio "${common[@]}" probe=builtin kamctlrc=none probe_timeout=2s stop_grace=3s)
  on node1 pcs resource delete kamailio >/dev/null 2>&1 || true
  settled
  case $1 in
    stock) create ocf:heartbeat:kamailio "${common[@]}" kamctl=/usr/sbin/kamctl op monitor interval=10s timeout=30s ;;
    ours-10s) create "${ours[@]}" op monitor interval=10s timeout=30s ;;
    ours-1s) create "${ours[@]}" op monitor interval=1s timeout=30s ;;
    ours-watch) create "${ours[@]}" watch=100s op monitor interval=1s timeout=120s ;;
    *) die "unknown agent '$1': expected stock, ours-10s, ours-1s or ours-watch" ;;
  esac
}
create() { on node1 pcs resource create kamailio "$@" op start timeout=60s op stop timeout=30s --group sip; }

where() { on "$1" crm_mon -1 2>/dev/null | sed -n 's/.* kamailio\s.*Started \(node[0-9]\).*/\1/p'; }
a_survivor() { # of the fall of node $1
  local n
  for ((n = 1; n <= nodes; ++n)); do [[ node$n == "$1" ]] || { echo "node$n" && return; }; done
}
runs_somewhere() { [[ -n $(where "$1") ]] && answers; }

# --- the caller: one request after the other, each with its time and whether a reply came ---

request='OPTIONS sip:monitor@'$address' SIP/2.0\r\nVia: SIP/2.0/UDP '$client_address';rport;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\nFrom: <sip:lab@'$client_address'>;tag=1\r\nTo: <sip:monitor@'$address'>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

call_all_the_time() {
  local sent
  while [[ ! -e /run/lab/enough ]]; do
    sent=$EPOCHREALTIME
    # bash itself would send each line in a datagram. Of the reply the first byte is enough.
    # shellcheck disable=SC2059
    if exec 3<>"/dev/udp/$address/5060" && printf "$request" "$sent" "$sent" | cat >&3 && read -r -n 1 -t 0.03 -u 3; then
      echo "$sent answered"
    else
      echo "$sent lost"
    fi
    sleep 0.01
  done 2>/dev/null >/run/lab/calls
}

# outage WHEN FAULT: until the first request that gets a reply, and after which none is lost for 1 s.
# A server that goes on for a moment can reply slowly: then a single loss is no outage.
outage() {
  awk -v fault="$1" -v ignored="$([[ $2 == standby ]] && echo 1 || echo 0)" '$1 < fault { next }
    $2 == "lost" { ++losses; end = 0 }
    $2 == "answered" { if (losses <= ignored && !end) losses = 0; if (losses && !end) end = $1; if (end && $1 - end > 1) exit }
    END { if (!losses) print 0; else if (end) printf "%d\n", (end - fault) * 1000; else print "inf" }' /run/lab/calls
}
# From the fault until the agent reports it, or the cluster calls stop; "-" if neither happens.
noticed() {
  on "$2" cat $calls 2>/dev/null | awk -v fault="$1" '$1 < fault { next }
    $3 == "monitor" && $2 == "ends" && $4 != 0 && $4 != 190 || $3 == "stop" && $2 == "begins" {
      printf "%d\n", ($1 - fault) * 1000; found = 1; exit }
    END { if (!found) print "-" }'
}

is_noticed() { [[ $(noticed "$@") != - ]]; }

# --- the faults ---

servers_on() { on "$1" pgrep -f '^/usr/sbin/kamailio .*-P '; }
main_on() { on "$1" sh -c 'cat /run/kamailio_kamailio/kamailio.pid /run/kamailio/kamailio.pid 2>/dev/null | head -n 1'; }

# provoke FAULT NODE: prints when.
# shellcheck disable=SC2046  # pids
provoke() {
  case $1 in
    killed) send KILL "$2" $(servers_on "$2") ;;
    main-killed) send KILL "$2" "$(main_on "$2")" ;;
    worker-killed) send SEGV "$2" $(servers_on "$2" | sed -n 3p) ;;
    frozen) send STOP "$2" $(servers_on "$2") ;;
    standby)
      echo "$EPOCHREALTIME"
      on "$2" crm_standby --node "$2" --update on
      ;;
    node-killed)
      echo "$EPOCHREALTIME"
      kill -KILL "$(<"/run/lab/$2.pid")"
      ;;
  esac
}
send() { on "$2" bash -c 'echo $EPOCHREALTIME; kill "$@"' bash -"$1" "${@:3}"; }

repair() {
  case $1 in
    standby) on "$2" crm_standby --node "$2" --delete ;;
    node-killed)
      rm "/run/lab/$2.pid"
      ip link delete "$2" # what is left of it, for a moment
      start_node "${2#node}"
      eventually 90 all_are_online
      furnish "$2"
      note_calls
      ;;
  esac
  on "$2" crm_resource --cleanup
} >/dev/null 2>&1

measure() {
  local fault=$1 node other at
  other=$(a_survivor none)
  node=$(where "$other")
  [[ -n $node ]] || die "the server runs nowhere"
  other=$(a_survivor "$node")
  rm -f /run/lab/enough
  call_all_the_time &
  # Anywhere in the interval of the monitors.
  sleep "$((2 + RANDOM % 10)).$((RANDOM % 10))"
  at=$(provoke "$fault" "$node" 2>/dev/null | head -n 1)
  sleep 0.3
  # The processes that are left may reply until the next monitor.
  case $fault in *killed | frozen) [[ $fault == node-killed ]] || eventually 40 is_noticed "$at" "$node" >/dev/null ;; esac
  eventually 120 runs_somewhere "$other" >/dev/null || echo "  $fault of $node: it does not come back" >&2
  sleep 2
  touch /run/lab/enough
  wait $!
  echo "$(outage "$at" "$fault") $(noticed "$at" "$node")"
  repair "$fault" "$node"
  on "$other" timeout 90 crm_resource --wait
  eventually 60 runs_somewhere "$other" >/dev/null
}

# summary COLUMN: of the numbers in a column: median and worst.
summary() {
  awk -v column="$1" '$column != "-" { print $column }' | sort -g | awk '{ value[NR] = $1 }
    END { if (NR) printf "%s, %s", value[int((NR + 1) / 2)], value[NR]; else printf "-" }'
}

# --- CPU time of the agent: what the executor has waited for, and the agent that runs ---

cpu_of_agents() { # in ticks of 10 ms
  on "$1" sh -c 'cd /proc
    awk "{ sum += \$16 + \$17 } END { print sum }" $(pgrep -x pacemaker-execd)/stat
    for pid in $(pgrep -x ocf-kamailio); do awk "{ print \$14 + \$15 }" $pid/stat; done' 2>/dev/null |
    awk '{ sum += $1 } END { print sum }'
}
cpu_per_minute() {
  local node before after
  node=$(where node1)
  sleep 5
  before=$(cpu_of_agents "$node")
  sleep $((60 * minutes))
  after=$(cpu_of_agents "$node")
  echo $(((after - before) * 10 / minutes))
}

# --- all of it ---

for ((n = 1; n <= nodes; ++n)); do furnish "node$n"; done
on node1 pcs resource defaults update resource-stickiness=1000 >/dev/null
# Nothing but the server is monitored.
on node1 pcs resource create vip ocf:heartbeat:IPaddr2 ip="$address" cidr_netmask=24 op monitor interval=0 --group sip
echo "  agent, fault: outage in ms (median, worst); noticed after ms (median, worst)"
for agent in "${agents_under_test[@]}"; do
  note_nothing
  configure "$agent"
  check "$agent: the server runs" eventually 60 runs_somewhere node1
  ((minutes == 0)) || printf '  %-11s CPU of the agent: %d ms per minute\n' "$agent" "$(cpu_per_minute)"
  note_calls
  for fault in ${FAULTS:-killed main-killed worker-killed frozen standby node-killed}; do
    results=()
    for ((round = 0; round < rounds; ++round)); do
      result=$(measure "$fault") || die "$agent, $fault: the cluster did not recover from round $round"
      results+=("$result")
    done
    printf '  %-11s %-12s %s; %s\n' "$agent" "$fault" "$(printf '%s\n' "${results[@]}" | summary 1)" \
      "$(printf '%s\n' "${results[@]}" | summary 2)"
    printf '                           %s\n' "$(printf '%s; ' "${results[@]}")"
    [[ $agent == stock ]] || check "$agent, $fault: it always comes back" test -z "$(printf '%s\n' "${results[@]}" | grep inf)"
  done
done
