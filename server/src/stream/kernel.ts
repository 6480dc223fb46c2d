import { readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type KernelSocket, parseKernelSockets, socketInode } from './kernel-sockets.ts';

// The edge at which the stream touches this machine: always its own kernel, whichever machine is being shown.

/** Connections of this network namespace that have something unacknowledged, by inode; empty beside Linux. */
export function readKernelSockets(): ReadonlyMap<string, KernelSocket> {
  const sockets = new Map<string, KernelSocket>();
  for (const file of ['/proc/self/net/tcp', '/proc/self/net/tcp6']) {
    try {
      for (const [inode, socket] of parseKernelSockets(readFileSync(file, 'latin1'))) sockets.set(inode, socket);
    } catch {
      // Without it our own queue alone tells who is slow: later, and no less surely.
    }
  }
  return sockets;
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
