#!/bin/sh
# An agent that follows the contract, except for the defect that $defect names. Its service is a
# sleep; the process writes its own PID file before it leaves the agent's process group, so that a
# kill of the group never leaves an unknown service.

is() { [ "$defect" = "$1" ]; }

# With "plain" it has neither roles nor some of the optional actions.
is_plain() { case $defect in plain*) true ;; *) false ;; esac; }

: "${OCF_RESKEY_size=1}" "${OCF_RESKEY_colour=red}" "${OCF_RESKEY_strict=0}"
base=$OCF_RESKEY_directory/$OCF_RESOURCE_INSTANCE
is shared-state && base=${OCF_RESKEY_directory%_2}/state

fail() {
  is no-reasons || echo "ocf-exit-reason:$2" >&2
  exit "$1"
}

parameter() { # NAME ATTRIBUTES CONTENT
  echo "<parameter name=\"$1\" $2>
<longdesc lang=\"en\">The $1 of the widget.</longdesc>
<shortdesc lang=\"en\">$1</shortdesc>
$3
</parameter>"
}

action() {
  echo "<action name=\"$1\" timeout=\"${2:-20s}\" $3/>"
}

meta_data() {
  is meta-data-fails && exit 1
  is meta-data-slow && sleep 0.13
  is meta-data-for-root && [ "$(id -u)" != 0 ] && fail 4 "not for you"
  is meta-data-needs-parameters && [ -z "$OCF_RESKEY_directory" ] && exit 2
  is meta-data-needs-instance && [ -z "$OCF_RESOURCE_INSTANCE" ] && exit 2
  is meta-data-as-text && [ -n "$OCF_OUTPUT_FORMAT" ] && echo "a widget" && exit 0
  is meta-data-prints-more && echo "the widget:"
  is meta-data-process && leave_helper
  version=1.1
  is wrong-version && version=one
  is old-version && version=1.0
  type=widget
  is another-name && type=gadget
  echo "<?xml version=\"1.0\"?>
<resource-agent name=\"$type\" version=\"0.1\">
<version>$version</version>"
  if is no-language; then
    echo '<longdesc lang="some english">A widget.</longdesc>'
  else
    echo '<longdesc lang="en">A widget.</longdesc>'
  fi
  echo '<shortdesc lang="en">Widget</shortdesc>
<parameters>'
  parameter directory 'unique-group="directory" required="1"' '<content type="string"/>'
  if is wrong-default; then
    parameter size 'reloadable="1"' '<content type="integer" default="small"/>'
  elif is changing-meta-data; then
    parameter size 'reloadable="1"' "<content type=\"integer\" default=\"$$\"/>"
  else
    parameter size 'reloadable="1"' '<content type="integer" default="1"/>'
  fi
  parameter strict 'reloadable="1"' '<content type="boolean" default="0"/>'
  parameter colour "" '<content type="select" default="red"><option value="red"/><option value="green"/></content>'
  parameter program "" '<content type="string" default="/bin/sleep"/>'
  is wrong-parameter-name && parameter "a=b" "" '<content type="string"/>'
  replacement=directory
  is wrong-replacement && replacement=nothing
  echo "<parameter name=\"place\"><deprecated><replaced-with name=\"$replacement\"/></deprecated>
<longdesc lang=\"en\">Formerly directory.</longdesc><shortdesc lang=\"en\">place</shortdesc>
<content type=\"string\"/></parameter>
</parameters>
<actions>"
  if is wrong-duration; then action start "a while"; else action start; fi
  if is short-timeout; then action stop 1ms; else action stop; fi
  action monitor 20s 'interval="10s" depth="0"'
  action monitor 20s 'interval="20s" depth="10"'
  is wrong-depth && action monitor 20s 'interval="30s" depth="15"'
  is twice-the-same && action monitor 20s 'interval="10s" depth="0"'
  is wrong-role && action monitor 20s 'interval="30s" depth="0" role="Master"'
  is no-meta-data-advertised || action meta-data
  action validate-all 20s 'depth="0"'
  action validate-all 20s 'depth="10"'
  is unimplemented-advertised && action polish
  is no-reload-agent || action reload-agent
  action migrate_to
  action migrate_from
  if ! is_plain; then
    action notify
    action reload
    action recover
    action promote
    is promote-alone || action demote
  fi
  is against-schema && echo '<remark/>'
  echo "</actions>
</resource-agent>"
}

end_service() { # PID_FILE
  { read -r pid <"$1" && kill -KILL "$pid"; } 2>/dev/null || return
  while [ -d "/proc/$pid" ]; do sleep 0.002; done
}

# A process that outlives the agent.
leave_helper() { setsid sleep 100 </dev/null >/dev/null 2>&1 & }

lives() {
  pid=
  { read -r pid <"$base.pid"; } 2>/dev/null
  if is nobody-sees-nothing && [ "$(id -u)" != 0 ]; then return 1; fi
  if is pid-file-is-enough; then [ -e "$base.pid" ]; else [ -n "$pid" ] && [ -d "/proc/$pid" ]; fi
}

# The process has become the service.
serves() {
  program=
  lives && { read -r program <"/proc/$pid/comm"; } 2>/dev/null
  [ "$program" = sleep ]
}

validate() {
  [ -n "$OCF_RESKEY_directory" ] || is accepts-missing ||
    fail "$wrong_everywhere" "directory is not set"
  case $OCF_RESKEY_size in
    *[!0-9]*) is accepts-texts || fail "$wrong_everywhere" "size=$OCF_RESKEY_size is no number" ;;
  esac
  case $OCF_RESKEY_strict in
    0 | 1 | true | false) ;;
    *) is accepts-any-boolean || fail "$wrong_everywhere" "strict=$OCF_RESKEY_strict" ;;
  esac
  case $OCF_RESKEY_colour in
    red | green) ;;
    *) is accepts-any-colour || fail "$wrong_everywhere" "colour=$OCF_RESKEY_colour" ;;
  esac
  if is looks-at-level-0 || [ "${OCF_CHECK_LEVEL:-10}" -ge 10 ]; then
    [ -d "$OCF_RESKEY_directory" ] || is accepts-missing || fail 2 "no directory $OCF_RESKEY_directory"
  fi
}
wrong_everywhere=6
is wrong-class && wrong_everywhere=2

validate_all() {
  is refuses-all && fail 6 "no"
  is refuses-test && [ "$OCF_RESOURCE_INSTANCE" = test ] && fail 6 "no resource is called test"
  is validate-needs-instance && [ -z "$OCF_RESOURCE_INSTANCE" ] && fail 6 "no instance"
  is refuses-level-20 && [ "$OCF_CHECK_LEVEL" = 20 ] && fail 1 "no level 20"
  is validate-file && : >"$spare/validate.$$"
  is validate-starts && start
  validate
  is loud-validation && echo "all is well" >&2
  return 0
}

launch() {
  # $$ is that of the new shell.
  # shellcheck disable=SC2016
  sh -c 'echo $$ >"$1.pid"; exec setsid sleep 1000' sh "$base" </dev/null >/dev/null 2>&1 &
}

start() {
  is start-in-vain && return 0
  is start-only-once && [ -e "$spare/started" ] && fail 1 "it ran here before"
  is knows-no-clones && case $OCF_RESOURCE_INSTANCE in *:*) fail 2 "a wrong name" ;; esac
  is needs-meta-timeout && [ -z "$OCF_RESKEY_CRM_meta_timeout" ] && fail 1 "no timeout"
  is needs-minor-1 && [ "$OCF_RA_VERSION_MINOR" != 1 ] && fail 1 "another version"
  is any-version || [ "${OCF_RA_VERSION_MAJOR:-1}" = 1 ] || fail 1 "another version"
  is start-believes && [ "$OCF_RESKEY_size" = twelve ] && return 0
  is start-without-directory && [ -z "$OCF_RESKEY_directory" ] && return 0
  validate
  case ${OCF_RESKEY_program:-/bin/sleep} in
    /bin/sleep) ;;
    *) if is missing-is-generic; then fail 1 "no program"; else fail 5 "no program"; fi ;;
  esac
  if lives; then
    is second-start-fails && fail 1 "it runs already"
    is promoted-start-fails && [ -e "$base.promoted" ] && exit 8
    is start-restarts && stop
  fi
  lives && return 0
  if [ ! -w "$OCF_RESKEY_directory" ]; then
    is nobody-starts && return 0
    is nobody-gets-1 && fail 1 "cannot write"
    fail 4 "cannot write to $OCF_RESKEY_directory"
  fi
  is starts-collide && { mkdir "$spare/lock" 2>/dev/null || fail 1 "locked"; sleep 0.1; }
  is second-kills-first && for other in "${OCF_RESKEY_directory%_2}"/*.pid; do
    end_service "$other"
  done
  rm -f "$base.promoted"
  if is starts-promoted || [ -e "$base.ever" ]; then : >"$base.promoted"; fi
  if is unknown-until-late; then
    setsid sleep 1000 </dev/null >/dev/null 2>&1 &
    sleep 0.1
    echo $! >"$base.pid"
  elif is start-returns-early; then
    (sleep 0.3; launch) </dev/null >/dev/null 2>&1 &
    return 0
  else
    launch
  fi
  until serves; do sleep 0.001; done
  is start-only-once && : >"$spare/started"
  is leaves-memory && command ipcmk -M 16 >/dev/null
  is starts-collide && rmdir "$spare/lock"
  return 0
}

stop() {
  is stop-does-nothing && return 0
  is stuck-after-migration && [ -e "$base.away" ] && fail 1 "it is away"
  is busy-stop && sleep 0.1 && [ -e "$base.busy" ] && fail 1 "a monitor is at work"
  if ! lives; then
    is stop-returns-7 && exit 7
    is stop-of-stopped-fails && fail 1 "it does not run"
    is died-cannot-stop && [ -e "$base.pid" ] && fail 1 "it has died"
    rm -f "$base.pid" "$base.promoted"
    return 0
  fi
  is stop-of-promoted-fails && [ -e "$base.promoted" ] && exit 8
  is stop-forgets-first && rm -f "$base.pid" && sleep 0.1
  if ! kill -TERM "$pid" 2>/dev/null; then
    if [ "$(id -u)" != 0 ]; then
      is nobody-stops && return 0
      fail 4 "cannot stop it"
    fi
  fi
  tries=0
  while [ -d "/proc/$pid" ]; do
    tries=$((tries + 1))
    sleep 0.002
    if [ "$tries" -gt 50 ]; then
      is stop-gives-up && fail 1 "it does not end"
      is stop-believes-term && break
      kill -KILL "$pid"
    fi
  done
  is stop-leaves-process && leave_helper
  rm -f "$base.pid"
  rm -f "$base.promoted"
  is stop-leaves-file && : >"$base.log"
  is stop-one-stops-all && for other in "${OCF_RESKEY_directory%_2}"/*.pid; do
    end_service "$other"
  done
  return 0
}

monitor() {
  is monitor-odd-code && exit 42
  is monitor-always-0 && return 0
  is monitor-1-if-stopped && ! lives && fail 1 "it does not run"
  is probe-file && : >"$spare/probe.$$"
  is probe-says-0 && [ "$OCF_RESKEY_CRM_meta_interval" = 0 ] && return 0
  is probe-says-7 && [ "$OCF_RESKEY_CRM_meta_interval" = 0 ] && exit 7
  is monitor-process && leave_helper
  is monitor-hangs && sleep 1
  is no-other-levels && case ${OCF_CHECK_LEVEL:-0} in 0 | 10) ;; *) fail 1 "no level" ;; esac
  is level-10-fails && [ "$OCF_CHECK_LEVEL" = 10 ] && lives && fail 1 "sick"
  is level-10-of-stopped && [ "$OCF_CHECK_LEVEL" = 10 ] && ! lives && fail 1 "sick"
  is level-20-of-stopped && [ "$OCF_CHECK_LEVEL" = 20 ] && ! lives && fail 1 "sick"
  if is busy-monitor || is busy-stop; then
    # Atomic, because two monitors may run at the same time.
    if ! mkdir "$base.busy" 2>/dev/null && is busy-monitor; then
      fail 1 "another monitor is at work"
    fi
    sleep 0.3
    rmdir "$base.busy"
  fi
  is monitor-escapes && setsid -w sleep 1 </dev/null >/dev/null 2>&1
  lives || exit 7
  if is monitor-interrupts; then
    kill -KILL "$pid"
    while [ -d "/proc/$pid" ]; do sleep 0.002; done
    launch
    until lives; do sleep 0.001; done
  fi
  is plain-says-8 && exit 8
  [ ! -e "$base.promoted" ] || { is monitor-demotes && rm -f "$base.promoted"; exit 8; }
  return 0
}

promote() {
  if ! lives; then
    is promotes-nothing && return 0
    fail 7 "it does not run"
  fi
  is promote-fails && fail 1 "no"
  is second-promote-fails && [ -e "$base.promoted" ] && exit 8
  is promote-once && [ -e "$spare/promoted" ] && fail 1 "only once"
  is promotes-late && : >"$base.lock" && sleep 0.1 && rm "$base.lock"
  is remembers-promotion && : >"$base.ever"
  is promote-once && : >"$spare/promoted"
  : >"$base.promoted"
}

demote() {
  is demote-fails && fail 1 "no"
  is demote-needs-promoted && [ ! -e "$base.promoted" ] && fail 1 "not promoted"
  is promotes-late && [ -e "$base.lock" ] && fail 1 "locked"
  rm -f "$base.promoted"
}

is refuses-second && [ "${OCF_RESKEY_directory%_2}" != "$OCF_RESKEY_directory" ] &&
  [ "$1" != meta-data ] && fail 2 "no such directory"
is refuses-arguments && [ $# -gt 1 ] && fail 2 "too many arguments"

case $1 in
  meta-data) meta_data ;;
  start) start ;;
  stop) stop ;;
  monitor) monitor ;;
  validate-all) validate_all ;;
  reload-agent)
    is reload-agent-restarts && stop && start
    is reload-agent-refuses && [ "$OCF_RESKEY_strict" != 0 ] && fail 1 "no"
    validate
    ;;
  migrate_to)
    is stuck-after-migration && : >"$base.away" && exit 0
    stop
    ;;
  migrate_from) start ;;
  notify | reload | recover | promote | demote)
    is_plain && { is plain-hidden-notify || exit 3; }
    case $1 in
      notify) ! is notify-fails || fail 1 "no" ;;
      reload) ! is reload-stops || stop ;;
      recover) if is recover-stops; then stop; else start; fi ;;
      *) "$1" ;;
    esac
    ;;
  "") is nothing-is-fine || fail 2 "no action" ;;
  *)
    is unknown-is-generic && fail 1 "no action $1"
    is unknown-stops && stop
    exit 3
    ;;
esac
