/** What the kernel knows of a connection that we do not. */
export interface KernelSocket {
  /** Bytes that were sent, or wait to be, and that the other end has not acknowledged. */
  readonly unackedBytes: number;
  /**
   * The other end answers nothing: neither what is sent again nor, where it has closed its window, the probes. A reader
   * that has merely stopped reading answers probes.
   */
  readonly silent: boolean;
}

const ESTABLISHED = '01';
const TIMER_RETRANSMIT = '01';
const TIMER_PROBE = '04';

/**
 * Parses lines of /proc/net/tcp and tcp6 (Documentation/networking/proc_net_tcp.rst): adds established connections with
 * something unacknowledged, by inode. Lines that cannot be understood are passed over: this is a hint, not a record.
 */
export function addKernelSockets(sockets: Map<string, KernelSocket>, text: string): void {
  for (const line of text.split('\n')) {
    // Nearly every line is of an idle connection, which is seen by its queues alone.
    if (!line.includes(':') || line.includes(' 00000000:')) continue;
    const [, , , state, queues = '', timer = '', retransmits = '', , probes = '', inode] = line.trim().split(/ +/);
    if (state !== ESTABLISHED || !inode) continue;
    const unackedBytes = Number.parseInt(queues.split(':')[0] ?? '', 16);
    if (!(unackedBytes > 0)) continue;
    const kind = timer.split(':')[0];
    const unanswered =
      kind === TIMER_RETRANSMIT ? Number.parseInt(retransmits, 16) : kind === TIMER_PROBE ? Number(probes) : 0;
    sockets.set(inode, { unackedBytes, silent: unanswered > 0 });
  }
}

/** The inode in `socket:[12345]`, as links below /proc/self/fd read; `null` for anything else. */
export function socketInode(link: string): string | null {
  return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? null;
}
