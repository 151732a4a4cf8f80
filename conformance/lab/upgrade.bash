# shellcheck shell=bash disable=SC2016,SC2154  # ci/lab sources it
# The agent, and the server's program, are replaced under a client.

# As dpkg does it: the new file takes the name of the old one.
replace() {
  on node1 bash -ec 'cp "$1" "$1.new" && mv -f "$1.new" "$1"' replace "$1"
}

check "the first example can be pasted" paste node1 README.md 'pcs resource create vip'
check "the server runs" eventually 30 runs_on node1 kamailio
settled
note_main_process
start_asking
check "the agent is replaced" replace /usr/lib/ocf/resource.d/sip/kamailio
check "a monitor of the new agent says that it is well" on node1 crm_resource --resource kamailio --force-check
sleep 11 # a monitor of the cluster
check "the cluster shows it as running" runs_on node1 kamailio
check "nothing was restarted" same_process
check "no request was lost" stop_asking
check "a move works after that" on node1 pcs resource move kamailio
check "it runs on the other node" eventually 30 runs_on node2 kamailio
check "a client gets an answer there" eventually 10 answers
