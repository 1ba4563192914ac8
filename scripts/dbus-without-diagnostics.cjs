'use strict';

/**
 * Takes the place of dbus-native's `diagnostics` in the build: nobody subscribes to its channels here, and making
 * them needs `tracingChannel`, which the Node inside older Electrons does not have.
 */
const silent = { hasSubscribers: false };

module.exports = {
  channels: { send: silent, receive: silent, call: silent },
  publishSend() {},
  publishReceive() {},
};
