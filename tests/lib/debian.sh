# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# debian.sh - sourced: what tests, benches and the quick start take from Debian.
#
# hb_need installs packages on this machine; hb_unpack only lays them out in a directory, for
# programs that must not run here (a web server, the peers we are compared with).

HB_BUILD_PACKAGES=(gcc libc6-dev make autoconf automake libtool pkg-config
    libglib2.0-dev libnl-3-dev libltdl-dev zlib1g-dev libbz2-dev libxml2-dev libpcre2-dev libssl-dev
    libnghttp2-dev)
HB_RIG_PACKAGES=(iproute2 nftables util-linux procps)
HB_UML_PACKAGES=(kmod e2fsprogs perl-base)     # tests/rig/umlrig, beside the kernel itself

hb_apt() {           # also where the checkout is not open to the user _apt
    DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Refreshes the package lists when one of PKG... is not known.
hb_apt_lists() {
    local pkg
    for pkg; do
        [ -n "$(apt-cache madison "$pkg" 2>/dev/null)" ] || { hb_apt -qq update; return; }
    done
}

hb_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# hb_need PKG...: installs what is missing. Packages that bring a service do not start it.
hb_need() {
    local pkg missing=() guard='' rc
    for pkg; do hb_installed "$pkg" || missing+=("$pkg"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || { echo "missing packages: ${missing[*]}; install them or run as root" >&2; return 1; }
    echo "installing from Debian: ${missing[*]}" >&2
    hb_apt_lists "${missing[@]}"
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        guard=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard"
    fi
    hb_apt -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
    rc=$?
    if [ $rc != 0 ]; then               # lists older than the archive
        hb_apt -qq update
        hb_apt -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
        rc=$?
    fi
    [ -z "$guard" ] || rm -f "$guard"
    return $rc
}

# hb_unpack DIR PKG...: PKG and what they depend on beyond this machine, laid out under DIR.
# Nothing is installed, no script of a package is run. Done once; DIR/.unpacked tells.
hb_unpack() {
    local dir=$1 part deb list
    shift
    [ "$(cat "$dir/.unpacked" 2>/dev/null)" = "$*" ] && return 0
    rm -rf "$dir"
    mkdir -p "$dir/.deb" || return 1
    hb_apt_lists "$@"
    list=$(hb_apt -s --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
    if [ -n "$list" ]; then
        # shellcheck disable=SC2086  # a list of names
        (cd "$dir/.deb" && hb_apt -qq download $list) >/dev/null || return 1
    fi
    for deb in "$dir"/.deb/*.deb; do
        [ -e "$deb" ] || continue
        dpkg-deb -x "$deb" "$dir" || return 1
    done
    rm -rf "$dir/.deb"
    for part in bin sbin lib lib64; do      # the machine has them in /usr
        [ -d "$dir/$part" ] || continue
        mkdir -p "$dir/usr/$part"
        cp -a "$dir/$part/." "$dir/usr/$part/" && rm -rf "${dir:?}/$part"
    done
    echo "$*" >"$dir/.unpacked"
}
