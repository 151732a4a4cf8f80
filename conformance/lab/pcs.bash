# shellcheck shell=bash disable=SC2154  # ci/lab sources it
# README with pcs.

stricter_configuration() {
  local node
  for node in node1 node2; do
    printed README.md 'if (is_method("OPTIONS")' >/run/lab/section
    # Debian's own file loads the modules and has the socket.
    on "$node" sed -i '/^request_route {/r /dev/stdin' /etc/kamailio/kamailio.cfg </run/lab/section
  done
}
reload_is_seen() { on node1 grep -qi 'Result of reload-agent operation for kamailio on node1: ok' /var/log/pacemaker/pacemaker.log; }

check "the first example can be pasted" paste node1 README.md 'pcs resource create vip'
check "it settles" settled
check "the server runs" eventually 30 runs_on node1 kamailio
check "a client gets an answer" eventually 5 answers

check "the stricter check goes into the configuration" stricter_configuration
check "it is restarted with it" on node1 pcs resource restart kamailio
check "it gets the stricter check" paste node1 README.md 'pcs resource update kamailio probe_accept=200'
check "it settles" settled
note_main_process
check "the waiting monitor can be pasted" paste node1 README.md 'pcs resource update kamailio probe_timeout=2s'
check "it settles" settled
check "the parameters are reloaded" eventually 10 reload_is_seen
check "nothing was restarted" same_process

check "another resource with the same address and port is refused" \
  fails_with 'is not unique' on node1 pcs resource create twin ocf:sip:kamailio listen_address="$address"

check "a value that the server would not pass is refused" \
  fails_with 'would fail its health check' on node1 pcs resource update kamailio rpc=unixd:/run/kamailio/typo.sock --agent-validation
check "so is a value that is wrong everywhere" \
  fails_with 'probe_timeout=2x: expected' on node1 pcs resource update kamailio probe_timeout=2x --agent-validation

on node1 pcs resource update kamailio probe_timeout=2x >/dev/null 2>&1 || true
check "without validation a wrong value is shown" eventually 15 shows 'probe_timeout=2x'
check "and the server goes on" same_process
on node1 pcs resource update kamailio probe_timeout=2s >/dev/null
settled
check "nothing was restarted when it was mended" same_process

# README's total: at most 7 s if the server is deaf. It includes 0.9 s of the client's own wait.
# shellcheck disable=SC2046  # pids
freeze() { on node1 kill -STOP "$(main_process)" $(on node1 pgrep -P "$(main_process)"); }
is_deaf() { ! answers; }
is_another_process() { ! same_process; }
check "the server is frozen" freeze
check "a client gets no answer" is_deaf
check "within 8 s it gets one again" eventually 8 answers
check "from another process" is_another_process
settled
note_main_process

check "a parameter can be changed as operations.md has it" \
  paste node1 docs/operations.md 'probe_timeout=3s --agent-validation'
check "the module ctl does as well" \
  on node1 pcs resource update kamailio rpc=unixs:/run/kamailio/kamailio_ctl --agent-validation
settled
check "nothing was restarted by these" same_process
sleep 2 # two monitors
check "and nobody is degraded" all_is_well
on node1 pcs resource update kamailio rpc=unixd:/run/kamailio/kamailio_rpc.sock

on node1 crm_resource --refresh --resource kamailio >/dev/null
settled
check "a parameter can be changed after a refresh" paste node1 docs/operations.md 'probe_timeout=2500ms'
settled
check "that restarts nothing" same_process

on node1 rm /run/kamailio/kamailio_rpc.sock
check "a lost RPC socket is shown" eventually 15 shows 'No such file or directory'
check "and the server goes on" same_process
check "and answers" answers

on node1 crm_resource --cleanup >/dev/null
on node1 crm_attribute --node node1 --name standby --update on
check "it moves to the other node" eventually 60 runs_on node2 kamailio
check "a client gets an answer there" eventually 10 answers
