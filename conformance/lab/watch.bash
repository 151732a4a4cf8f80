# shellcheck shell=bash disable=SC2016,SC2154  # ci/lab sources it
# A monitor that waits, as README has it: what the cluster does with it.

# waits [NODE]: the same monitor runs for 2 s.
waits() {
  local before
  before=$(on "${1:-node1}" pgrep -x ocf-kamailio) && sleep 2 && [[ $(on "${1:-node1}" pgrep -x ocf-kamailio) == "$before" ]]
}
nobody_waits() { ! on node1 pgrep -x ocf-kamailio; }
# within SECONDS COMMAND...: it succeeds and takes no longer.
within() {
  local begin=$SECONDS limit=$1
  shift
  "$@" && echo "$((SECONDS - begin)) s" && ((SECONDS - begin <= limit))
}
is_another_process() { ! same_process && answers; }
crash() { note_main_process && on node1 kill -KILL "$main"; }
failures() { on node1 crm_failcount --query --resource kamailio --node node1 | grep -o '[0-9]*$'; }

check "the first example can be pasted" paste node1 README.md 'pcs resource create vip'
check "the server runs" eventually 30 runs_on node1 kamailio
settled
on node1 pcs resource update kamailio rpc=unixd:/run/kamailio/kamailio_rpc.sock
settled
note_main_process
check "the waiting monitor can be pasted" paste node1 README.md 'pcs resource update kamailio probe_timeout=2s'
check "the cluster does not wait for it" within 5 settled
check "nothing was restarted" same_process
check "a monitor waits" eventually 10 waits
check "nobody is degraded" all_is_well

check "another watch can be set while a monitor waits" on node1 pcs resource update kamailio watch=90s
check "the cluster does not wait for that" within 5 settled
check "a monitor waits again" eventually 10 waits
check "nothing was restarted" same_process

check "a check by hand answers at once" within 2 on node1 crm_resource --force-check --resource kamailio
check "the cluster does not wait after a refresh" within 5 eventually 5 on node1 crm_resource --refresh --resource kamailio
check "it settles" within 5 settled
check "a monitor waits again" eventually 10 waits
on node1 pcs property set maintenance-mode=true
settled
check "nobody waits in maintenance mode" nobody_waits
on node1 pcs property set maintenance-mode=false
check "the cluster does not wait after it" within 5 settled
check "a monitor waits again" eventually 10 waits
check "nothing was restarted by these" same_process

# Other resources, and the other node.
on node1 pcs resource create other ocf:pacemaker:Dummy op monitor interval=10s
settled
other_place() { on node1 crm_mon -1 | sed -n 's/.* other\s.*Started \(node[0-9]\).*/\1/p'; }
other_starts() { on "$place" grep -c 'rsc:other action:start' /var/log/pacemaker/pacemaker.log; }
is_started_anew() { (($(other_starts) == starts + 1)); }
place=$(other_place)
starts=$(other_starts)
eventually 10 waits >/dev/null
check "another resource fails while a monitor waits" on node1 crm_resource --fail --resource other --node "$place"
check "it is recovered without a delay" eventually 3 is_started_anew
check "the cluster does not wait" within 5 settled
on node1 pcs resource delete other >/dev/null
crashes=${CRASHES:-5}
for ((n = 0; n < crashes; ++n)); do
  eventually 10 waits >/dev/null
  check "the server crashes" crash
  check "within 3 s another one replies" eventually 3 is_another_process
  settled
done
check "the cluster has counted each crash" test "$(failures)" = "$crashes"
on node1 crm_resource --cleanup --resource kamailio >/dev/null
settled

# Clones: the instances of one are recovered independently, and notify=true is refused.
local_server=(ocf:sip:kamailio listen_address=127.0.0.1 port=5090 probe=builtin probe_accept=any kamctlrc=none
  proto=udp probe_timeout=2s watch=100s extra_options="-m 16" op monitor interval=1s timeout=120s)
check "a clone can be made" on node1 pcs resource create twins "${local_server[@]}" clone
clones_run() { on node1 crm_mon -1 | grep -A1 'twins-clone' | grep -q 'node1 node2'; }
check "both instances run" eventually 30 clones_run
settled
clone_waits() { (($(on node1 pgrep -cx ocf-kamailio) == 2)); }
check "a monitor of each resource waits" eventually 10 clone_waits
twin() { on node2 cat /run/kamailio_twins/kamailio.pid; }
twin=$(twin)
check "an instance crashes" on node2 kill -KILL "$twin"
is_another_twin() { [[ -n $(twin) && $(twin) != "$twin" ]]; }
check "within 3 s another one runs" eventually 3 is_another_twin
check "the cluster does not wait" within 5 settled
on node1 pcs resource delete twins >/dev/null
check "a clone with notifications can be made" on node1 pcs resource create twins "${local_server[@]}" clone notify=true
check "its monitors do not wait, and say why" eventually 20 shows 'notify=true'
on node1 pcs resource delete twins >/dev/null
settled

# The executor and the agent of a node that lose each other.
eventually 10 waits >/dev/null
note_main_process
waiting=$(on node1 pgrep -x ocf-kamailio)
on node1 sh -c 'kill -KILL $(pgrep -x pacemaker-execd)'
check "who waits ends with the executor" eventually 2 on node1 sh -c "! test -e /proc/$waiting"
check "a monitor waits again" eventually 30 waits
check "the server runs on" same_process
check "a stop does not wait" within 5 on node1 pcs resource disable kamailio --wait=10
check "it leaves nobody" nobody_waits
check "and no file" on node1 sh -c '! ls /run/resource-agents/kamailio-kamailio.watch'
on node1 pcs resource enable kamailio
check "the server runs again" eventually 30 runs_on node1 kamailio
check "a monitor waits" eventually 10 waits

# The coordinator of the cluster is lost while a monitor of the other node waits.
coordinator() { on node2 crmadmin --dc_lookup --quiet 2>/dev/null | grep -o 'node[0-9]' | head -n 1; }
lost=$(coordinator)
rest=node$((3 - ${lost#node}))
runs_on "$rest" kamailio >/dev/null || check "it moves without a wait" within 10 on node1 pcs resource move sip
check "the server runs beside the coordinator" eventually 30 runs_on "$rest" kamailio
check "a monitor waits there" eventually 10 waits "$rest"
main=$(on "$rest" cat /run/kamailio_kamailio/kamailio.pid)
kill -KILL "$(<"/run/lab/$lost.pid")"
became() { on "$rest" crm_mon -1 | grep "Current DC: $rest"; }
check "another coordinator is found" eventually 60 became
check "the server runs on" test -n "$main" -a "$(on "$rest" cat /run/kamailio_kamailio/kamailio.pid)" = "$main"
check "a monitor waits" eventually 30 waits "$rest"
