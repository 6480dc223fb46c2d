import { type AnyEvent, type MetricName, PROTOCOL } from '@telltale/shared';
import type { Endpoint } from './api.ts';
import type { ConnectionStatus } from './connection.ts';
import type { Leader } from './election.ts';

/** An event on its way from the leader to the others. */
export interface News {
  /** The position that the leader told before: who stands before it has missed something. */
  readonly from: string | null;
  readonly id: string | null;
  readonly event: AnyEvent;
}

/** What the tabs of a browser say to each other. All of them hear everything but what they said themselves. */
export type Message =
  /** I am here, I need this, I have everything up to `cursor`, and I listen to `following`, if to anybody. */
  | {
      readonly kind: 'here';
      readonly tab: string;
      readonly report: number;
      readonly metrics: readonly MetricName[];
      readonly cursor: string | null;
      readonly hidden: boolean;
      readonly following: string | null;
    }
  /** I go, and need nothing any more. */
  | { readonly kind: 'leave'; readonly tab: string }
  /** I lead. Nothing for anybody lies between `from`, which was told before, and `position`. */
  | {
      readonly kind: 'lead';
      readonly leader: Leader;
      readonly hidden: boolean;
      readonly status: ConnectionStatus;
      readonly from: string | null;
      readonly position: string | null;
    }
  /** To one tab, as the answer to a report: you can listen to me from now on; this is what you have missed. */
  | {
      readonly kind: 'welcome';
      readonly leader: Leader;
      readonly to: string;
      readonly report: number;
      readonly hello: AnyEvent | null;
      readonly news: readonly News[];
      readonly status: ConnectionStatus;
      readonly position: string | null;
    }
  /** Likewise: I cannot bring you to where I am without a hole; come nearer by yourself, and ask again. */
  | {
      readonly kind: 'wait';
      readonly leader: Leader;
      readonly to: string;
      readonly report: number;
      readonly status: ConnectionStatus;
    }
  /** To all that listen to me. `metrics`: everything that I read. */
  | ({ readonly kind: 'news'; readonly leader: Leader; readonly metrics: readonly MetricName[] } & News)
  /** I lead no more. */
  | { readonly kind: 'resign'; readonly tab: string }
  /** To the leader: do not wait any longer for the next attempt. */
  | { readonly kind: 'retry' };

export interface Channel {
  post(message: Message): void;
  close(): void;
}

export type OpenChannel = (name: string, onMessage: (message: Message) => void) => Channel;

/**
 * Tabs of one origin that read the same server with the same token at the same pace share a channel. Whoever does not
 * have the token cannot guess the name, and so hears nothing. `crypto.subtle` hashes in secure contexts only, and
 * `http://nas:7411` is none; what has to be hard here is guessing a token of 128 bits, not inverting the hash.
 */
export function channelName({ base, token }: Endpoint, interval: number | null): string {
  const key = JSON.stringify([base, token, interval]);
  return `telltale:${PROTOCOL}:${fnv1a(key, 0x811c9dc5)}${fnv1a(key, 0x9747b28c)}`;
}

/** FNV-1a in 32 bits. */
function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Node has BroadcastChannel too, between its threads: what is shared there is for the program to say. `null` as well
 * where the browser has none, or refuses it to this page.
 */
export function openBroadcastChannel(): OpenChannel | null {
  if (typeof document === 'undefined' || typeof BroadcastChannel === 'undefined') return null;
  return (name, onMessage) => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => onMessage(data as Message);
    return { post: (message) => channel.postMessage(message), close: () => channel.close() };
  };
}
