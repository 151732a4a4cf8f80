# shellcheck shell=bash
# The scripts of ci/ source this file, which changes to the root of the project.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# shellcheck disable=SC2034  # for the scripts
JOBS=$(nproc)
# shellcheck disable=SC2034
BUILD_PACKAGES=(g++ cmake mold ninja-build libexpected-dev nlohmann-json3-dev libyaml-cpp-dev libboost-dev libcli11-dev libpugixml-dev libseccomp-dev libgmock-dev libgtest-dev)
# What ci/in-node and those who look at its nodes use.
# shellcheck disable=SC2034
NODE_PACKAGES=(hostname iproute2 mount procps util-linux)

say() {
  printf '== %s\n' "$*"
}

die() {
  printf 'ci/%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# quietly COMMAND...: shows what the command printed only if it failed.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    return 1
  }
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "needs root: run it as root, or install sudo"
  fi
}

# need_root ARGUMENT...: goes on as root, with these arguments, if this is not root.
need_root() {
  ((EUID == 0)) && return
  as_root "$PWD/ci/${0##*/}" "$@"
  exit
}

# need_packages PACKAGE...: installs those that are missing. No service is started.
need_packages() {
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1) == installed ]] ||
      missing+=("$package")
  done
  if ((${#missing[@]})); then
    command -v apt-get >/dev/null || die "cannot install ${missing[*]}: apt-get is missing"
    say "installing ${missing[*]}"
    install_packages "${missing[@]}"
  fi
}

# A subshell, so that its trap removes the policy however it ends.
install_packages() (
  # invoke-rc.d(8) and systemd ask it before they start a service. One that is there already is
  # the administrator's.
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"
  fi
  quietly as_root apt-get update || die "apt-get update failed"
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@" || die "apt-get install failed"
)
