# shellcheck shell=bash disable=SC2154  # ci/lab sources it
# Migration from the stock agent and back, with a running client, as in docs/migration.md.

agent_is() { on node1 crm_resource --resource kamailio --query-xml | grep -q "provider=\"$1\""; }
back_to_the_stock_agent() {
  printed docs/migration.md 'crm_resource --refresh' | sed 's/provider="sip"/provider="heartbeat"/' >/run/lab/pasted
  on node1 bash -e -s </run/lab/pasted
}

# The stock agent needs kamctl in a directory that Debian does not use, and a reply to the check.
for node in node1 node2; do
  on "$node" sed -i '/^request_route {/a if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }' \
    /etc/kamailio/kamailio.cfg
done
on node1 pcs resource create vip ocf:heartbeat:IPaddr2 ip="$address" cidr_netmask=24 --group sip
on node1 pcs resource create kamailio ocf:heartbeat:kamailio listen_address="$address" \
  monitoring_ip="$address" kamctl=/usr/sbin/kamctl --group sip
check "the stock agent runs the server" eventually 60 runs_on node1 kamailio
settled
note_main_process
start_asking
check "the path without an outage can be pasted" paste node1 docs/migration.md 'crm_resource --refresh'
check "the new agent has it" agent_is sip
check "it settles" settled
sleep 12 # a monitor
check "it is monitored as healthy" runs_on node1 kamailio
check "nothing was restarted" same_process
check "no request was lost" stop_asking

start_asking
check "so can the way back" back_to_the_stock_agent
check "the stock agent has it" agent_is heartbeat
check "it settles" settled
check "nothing was restarted" same_process
check "no request was lost" stop_asking

short_path() { on node1 bash -ec "$(grep -m 1 -o 'cibadmin --modify .*' "$root/docs/migration.md")"; }
check "so can the short path" short_path
check "the new agent has it" agent_is sip
check "it settles" settled
check "the server runs" runs_on node1 kamailio
check "a client gets an answer" eventually 10 answers
