import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { DEFAULT_METRICS, type MetricName } from '@telltale/shared';
import type { Handler } from 'hono';
import { acceptsGzip, negotiate } from '../accept.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { demandMetrics, type Visitor } from '../visitor.ts';
import type { Admission } from './admission.ts';
import type { Broadcast } from './broadcast.ts';
import { OwnSelection, type PaceOf, parseSelection, type Selection } from './selection.ts';
import { openSink } from './sink.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform: compressing or buffering intermediaries must let every block pass at once.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface StreamRouteOptions {
  readonly broadcast: Broadcast;
  readonly admission: Admission;
  readonly paceOf: PaceOf;
  /** Notes who reads; `dismiss` is called when it may not any longer. Answers what to call when it has gone. */
  readonly enter: (visitor: Visitor, metrics: readonly MetricName[], dismiss: () => void) => () => void;
  /** The inode of a connection's socket, where that can be known. */
  readonly inodeOf: (socket: Socket) => string | null;
}

/** What is sent to this visitor: what it asked for if it may have that, else all that it may. */
function selectionFor(
  visitor: Visitor,
  { metrics, interval }: { readonly metrics?: string; readonly interval?: string },
  paceOf: PaceOf,
): Selection {
  const own = visitor.metrics && [...visitor.metrics];
  // A token for processes alone means them, although nobody is sent them unasked.
  const unasked = own?.filter((metric) => DEFAULT_METRICS.includes(metric) || own.length === 1);
  const selection = parseSelection(metrics ?? unasked?.join(','), interval, paceOf);
  demandMetrics(visitor, selection.keys());
  return own ? new OwnSelection(selection) : selection;
}

/**
 * `GET /api/stream`. Writes to Node's own response: Hono's streaming helpers leak a handler at HEAD, hide write errors
 * and cost several times the CPU.
 */
export function streamRoute({ broadcast, admission, paceOf, enter, inodeOf }: StreamRouteOptions): Handler<Env> {
  return (c) => {
    if (negotiate(c.req.header('accept'), ['text/event-stream']) === null) {
      throw new HttpProblem(406, 'this is text/event-stream; for one answer as JSON see /api/snapshot');
    }
    // The ticket was taken before.
    const query = readQuery(c, ['metrics', 'interval', 'cursor', 'ticket']);
    const visitor = c.get('visitor');
    const selection = selectionFor(visitor, query, paceOf);
    const coding = broadcast.codingFor(selection, acceptsGzip(c.req.header('accept-encoding')));
    const guarded = c.get('guarded');
    const headers = {
      ...guarded,
      ...HEADERS,
      vary: [guarded['vary'], 'Accept-Encoding'].filter(Boolean).join(', '),
      ...(coding ? { 'content-encoding': coding } : {}),
    };
    // Hono answers HEAD with the GET route: nobody may be subscribed by it.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, headers);

    const { incoming, outgoing } = c.env;
    if (broadcast.closing) throw new HttpProblem(503, 'the server is being stopped', { 'retry-after': '2' });
    const leavePlace = admission.enter(visitor.address);
    if (typeof leavePlace === 'string') throw new HttpProblem(503, leavePlace, { 'retry-after': '5' });

    // An empty header is what a reader without a position sends.
    const cursor = c.req.header('last-event-id') || query.cursor || null;
    // HTTP/2's response is written like HTTP/1's here; their types merely do not add up.
    const response = outgoing as ServerResponse;
    response.writeHead(200, headers);
    const sink = openSink(incoming as IncomingMessage, outgoing, inodeOf(incoming.socket), () => membership.drained());
    const membership = broadcast.join(sink, selection, cursor, coding);
    const leave = enter(visitor, [...selection.keys()], () => membership.dismiss('revoked'));
    // A peer that went away makes writes fail; `close` follows and is what counts.
    response.on('error', () => {});
    response.on('close', () => {
      membership.leave();
      leave();
      leavePlace();
    });
    return RESPONSE_ALREADY_SENT;
  };
}
