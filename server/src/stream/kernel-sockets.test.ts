import { describe, expect, it } from 'vitest';
import { addKernelSockets, type KernelSocket, socketInode } from './kernel-sockets.ts';

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (state: string, queues: string, timer: string, retransmits: string, probes: number, inode: number) =>
  `   1: 0100007F:1CF3 0100007F:B2A4 ${state} ${queues} ${timer} ${retransmits}     0 ${String(probes).padStart(8)} ${inode} 2 0000000048823670 20 4 30 10 -1\n`;

function parsed(text: string): ReadonlyMap<string, KernelSocket> {
  const sockets = new Map<string, KernelSocket>();
  addKernelSockets(sockets, text);
  return sockets;
}

describe("the kernel's sockets", () => {
  it('are told by their inode, with what is unacknowledged', () => {
    const text =
      HEADER +
      row('0A', '00000000:00000000', '00:00000000', '00000000', 0, 1) +
      row('01', '00000000:00000000', '02:000A0000', '00000000', 0, 2) +
      row('01', '0000ABCD:00000000', '01:00000014', '00000000', 0, 3) +
      row('06', '00000100:00000000', '03:00000100', '00000000', 0, 4);
    expect([...parsed(text)]).toEqual([['3', { unackedBytes: 0xabcd, silent: false }]]);
  });

  it.each([
    ['answers', '01:00000014', '00000000', 0, false],
    ['does not acknowledge what is sent again', '01:00000014', '00000003', 0, true],
    ['has closed its window and answers probes', '04:00000014', '00000000', 0, false],
    ['has closed its window and answers no more', '04:00000014', '00000000', 4, true],
  ])('say whether a peer %s', (_, timer, retransmits, probes, silent) => {
    const text = HEADER + row('01', '00000001:00000000', timer, retransmits, probes, 9);
    expect(parsed(text).get('9')?.silent).toBe(silent);
  });

  it('of IPv6 look the same', () => {
    const text = `${HEADER}   0: 00000000000000000000000001000000:1CF3 00000000000000000000000001000000:B2A4 01 00000010:00000000 01:00000014 00000000     0        0 77 2 0000000048823670 20 4 30 10 -1\n`;
    expect(parsed(text).get('77')?.unackedBytes).toBe(16);
  });

  it.each(['', 'garbage', HEADER, '\0\0', '1: x y 01 zz:00 01:00'])('are none in %j', (text) => {
    expect(parsed(text).size).toBe(0);
  });

  it.each([
    ['socket:[12345]', '12345'],
    ['pipe:[1]', null],
    ['/dev/null', null],
    ['', null],
  ])('read an inode from %j: %j', (link, inode) => {
    expect(socketInode(link)).toBe(inode);
  });
});
