# shellcheck shell=bash disable=SC2154  # ci/lab sources it
# README with crmsh, and an address that moves before the server.

# Without its part about a cluster without fencing.
silently() {
  "$@" >/run/lab/words 2>&1 || return 1
  ! grep -v 'not fencing unseen nodes' /run/lab/words
}

check "the first example can be pasted, and crmsh has nothing to warn about" \
  silently paste node1 README.md "crm configure <<'END'"
check "it settles" settled
check "the server runs" eventually 30 runs_on node1 kamailio
check "no node has failed" all_is_well
check "a client gets an answer" eventually 5 answers
on node1 crm node standby node1
check "it moves to the other node" eventually 60 runs_on node2 kamailio
check "a client gets an answer there" eventually 10 answers
on node1 crm node online node1

# The exit reason of a failed start.
on node2 bash -c 'echo nonsense >>/etc/kamailio/kamailio.cfg'
on node1 bash -c 'echo nonsense >>/etc/kamailio/kamailio.cfg'
on node1 crm resource stop kamailio
settled
on node1 crm resource start kamailio
check "crm_mon shows the cause of a failed start" eventually 30 shows 'syntax error (line'
