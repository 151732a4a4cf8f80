# shellcheck shell=bash disable=SC2154  # ci/lab sources it
# A second server beside the first, as in docs/operations.md.

check "the first example can be pasted" paste node1 README.md 'pcs resource create vip'
check "its server runs" eventually 30 runs_on node1 kamailio
for node in node1 node2; do
  check "the second configuration can be pasted on $node" paste $node docs/operations.md '> /etc/kamailio/kamailio2.cfg'
done
check "so can the second resource" paste node1 docs/operations.md 'pcs resource create kamailio2'
check "its server runs" eventually 30 runs_on node1 kamailio2
settled
note_main_process
check "a client gets an answer of the first" answers
port=5070 check "and of the second" answers
check "nobody is degraded" all_is_well
on node1 pcs resource disable kamailio2
settled
check "the first runs on without the second" same_process
check "with its own sockets" on node1 test -S /run/kamailio/kamailio_ctl -a -S /run/kamailio/kamailio_rpc.sock \
  -a -p /run/kamailio/kamailio_rpc.fifo
on node1 pcs resource enable kamailio2
check "both move" on node1 pcs resource move sip
check "the first runs on the other node" eventually 30 runs_on node2 kamailio
check "so does the second" eventually 30 runs_on node2 kamailio2
port=5070 check "a client gets an answer of it there" eventually 10 answers
