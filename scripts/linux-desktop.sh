#!/usr/bin/env bash
# Runs a command on a small desktop of its own, which nobody sees: a screen, a window manager, a panel with a tray
# and a notification daemon (Xfce), or with --wayland a compositor alone. Ends with the command's exit code.
#
#   scripts/linux-desktop.sh npm run desktop:check
#   scripts/linux-desktop.sh --wayland npm run desktop:check -- --no-limits
#   sudo apt-get install $(scripts/linux-desktop.sh --packages)         what it needs, on Debian and Ubuntu
set -euo pipefail

kind=x11
if [[ "${1:-}" == --wayland ]]; then
  kind=wayland
  shift
fi

if [[ "${1:-}" == --packages ]]; then
  common='dbus libglib2.0-bin xdg-utils shared-mime-info adwaita-icon-theme fonts-dejavu-core'
  case $kind in
    x11) echo "$common xvfb xfwm4 xfce4-panel xfce4-notifyd xfconf xdotool scrot" ;;
    wayland) echo "$common sway grim" ;;
  esac
  exit
fi

if [[ $# -eq 0 ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi

# Everything below has a session bus of its own.
if [[ "${LINUX_DESKTOP_BUS:-}" != own ]]; then
  [[ $kind == wayland ]] && set -- --wayland "$@"
  LINUX_DESKTOP_BUS=own exec dbus-run-session -- "$0" "$@"
fi
unset LINUX_DESKTOP_BUS

folder="$(mktemp -d)"
started=()
tidy_up() {
  for ((at = ${#started[@]} - 1; at >= 0; at--)); do kill "${started[at]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap tidy_up EXIT

# Starts a program of the desktop; what it says is kept for when something goes wrong.
start() {
  "$@" >>"$folder/desktop.log" 2>&1 &
  started+=($!)
}

# Waits for a command to succeed, at most 30 s.
await() {
  local what="$1"
  shift
  for ((tries = 0; tries < 300; tries++)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "The desktop did not come up: there is no $what." >&2
  cat "$folder/desktop.log" >&2
  exit 1
}

has_owner() {
  gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
    --method org.freedesktop.DBus.NameHasOwner "$1" | grep -q true
}

# Nobody's settings are read or changed.
export XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/data" XDG_RUNTIME_DIR="$folder/run"
mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

case $kind in
  x11)
    # It takes a free number, and tells which.
    start Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>"$folder/number"
    await 'screen' test -s "$folder/number"
    export DISPLAY=":$(cat "$folder/number")" XDG_SESSION_TYPE=x11 XDG_CURRENT_DESKTOP=XFCE
    unset WAYLAND_DISPLAY
    # The services that the bus starts need to know the screen, too.
    dbus-update-activation-environment --all
    # Notifications come at the lower right: the upper one is where the tray's menu opens.
    mkdir -p "$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml"
    cat >"$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/xfce4-notifyd.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="notify-location" type="uint" value="3"/>
</channel>
XML
    start xfwm4
    start xfce4-panel --disable-wm-check
    await 'tray' has_owner org.kde.StatusNotifierWatcher
    start "$(find /usr/lib /usr/libexec -path '*xfce4/notifyd/xfce4-notifyd' -print -quit)"
    await 'notification daemon' has_owner org.freedesktop.Notifications
    ;;
  wayland)
    unset DISPLAY
    export XDG_SESSION_TYPE=wayland XDG_CURRENT_DESKTOP=sway
    echo 'xwayland disable' >"$folder/sway"
    WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman start sway --config "$folder/sway"
    # The first free name, in a folder with no others.
    await 'compositor' test -S "$XDG_RUNTIME_DIR/wayland-1"
    export WAYLAND_DISPLAY=wayland-1
    dbus-update-activation-environment --all
    ;;
esac

"$@"
