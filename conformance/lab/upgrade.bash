# shellcheck shell=bash disable=SC2016,SC2154  # ci/lab sources it
# The package is upgraded, removed and installed again under a client.

[[ -z ${AGENT:-} ]] || die "this story is about the package; it has no other agent"
package=$(make_package 2)

check "the first example can be pasted" paste node1 README.md 'pcs resource create vip'
check "the server runs" eventually 30 runs_on node1 kamailio
settled
note_main_process
start_asking
check "the package is upgraded" on node1 bash -c 'cat >/tmp/new.deb && dpkg --install /tmp/new.deb' <"$package"
check "it has the new version" on node1 bash -c 'dpkg-query -W ocf-sip-kamailio | grep -e -2$'
check "a monitor of the new agent says that it is well" on node1 crm_resource --resource kamailio --force-check
sleep 11 # a monitor of the cluster
check "the cluster shows it as running" runs_on node1 kamailio
check "nothing was restarted" same_process

on node1 pcs property set maintenance-mode=true
settled
check "in maintenance mode the package is removed" on node1 dpkg --remove ocf-sip-kamailio
check "the agent is gone" on node1 test ! -e /usr/lib/ocf/resource.d/sip/kamailio
check "the server goes on" same_process
check "the package is installed again" on node1 dpkg --install /tmp/new.deb
check "the cluster looks again" on node1 crm_resource --refresh --resource kamailio
settled
on node1 pcs property set maintenance-mode=false
settled
check "the cluster runs it as before" eventually 10 runs_on node1 kamailio
check "nothing was restarted by that" same_process
check "no request was lost" stop_asking
check "a move works after that" on node1 pcs resource move sip
check "it runs on the other node" eventually 30 runs_on node2 kamailio
check "a client gets an answer there" eventually 10 answers

check "the resource can be deleted" on node1 pcs resource delete kamailio
settled
check "then the package can be removed" on node2 dpkg --remove ocf-sip-kamailio
check "and nothing fails" all_is_well
