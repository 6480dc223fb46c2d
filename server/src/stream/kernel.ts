import { readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type KernelSocket, parseKernelSockets, socketInode } from './kernel-sockets.ts';

// The edge at which the stream touches this machine: always its own kernel, whichever machine is being shown.

/**
 * Connections of this network namespace that have something unacknowledged, by inode; empty beside Linux. The kernel
 * walks its whole table for each of its two files, which takes some ms, so only that of the listener's family is read:
 * what an IPv6 listener accepts is an IPv6 socket, from IPv4 addresses too.
 */
export function readKernelSockets(ipv6: boolean): ReadonlyMap<string, KernelSocket> {
  try {
    return parseKernelSockets(readFileSync(ipv6 ? '/proc/self/net/tcp6' : '/proc/self/net/tcp', 'latin1'));
  } catch {
    // Without it our own queue alone tells who is slow: later, and no less surely.
    return new Map();
  }
}

/** Node does not say which kernel socket it holds, but it says the descriptor, and /proc says the rest. */
export function inodeOf(socket: Socket): string | null {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  if (handle?.fd === undefined || handle.fd < 0) return null;
  try {
    return socketInode(readlinkSync(`/proc/self/fd/${handle.fd}`));
  } catch {
    return null;
  }
}
