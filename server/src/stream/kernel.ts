import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { addKernelSockets, type KernelSocket, socketInode } from './kernel-sockets.ts';

// The edge at which the stream touches this machine: always its own kernel, whichever machine is being shown.

/**
 * What the table is read into. The kernel hands it out by pages, and for each of them readFileSync would take a new buffer
 * of this size: with 1,000 connections that was half of the time.
 */
const piece = Buffer.allocUnsafe(64 * 1024);

/**
 * Connections of this network namespace that have something unacknowledged, by inode; empty beside Linux. The kernel
 * walks its whole table for each of its two files, which takes some ms, so only that of the listener's family is read:
 * what an IPv6 listener accepts is an IPv6 socket, from IPv4 addresses too.
 */
export function readKernelSockets(ipv6: boolean): ReadonlyMap<string, KernelSocket> {
  try {
    return readTable(ipv6 ? '/proc/self/net/tcp6' : '/proc/self/net/tcp');
  } catch {
    // Without it our own queue alone tells who is slow: later, and no less surely.
    return new Map();
  }
}

function readTable(file: string): ReadonlyMap<string, KernelSocket> {
  const sockets = new Map<string, KernelSocket>();
  const fd = openSync(file, 'r');
  try {
    let rest = '';
    for (;;) {
      const length = readSync(fd, piece, 0, piece.length, null);
      if (length === 0) break;
      const text = rest + piece.toString('latin1', 0, length);
      const end = text.lastIndexOf('\n') + 1;
      addKernelSockets(sockets, text.slice(0, end));
      rest = text.slice(end);
    }
  } finally {
    closeSync(fd);
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
