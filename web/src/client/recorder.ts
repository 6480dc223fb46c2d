import {
  type AnyEvent,
  DEFAULT_METRICS,
  type Events,
  encodeHead,
  encodeRecorded,
  type Host,
  isRecorded,
  METRIC_NAMES,
  PROTOCOL,
  type RecordingHead,
} from '@telltale/shared';
import { connect } from './connect.ts';
import { MAX_TEXT } from './loaded-recording.ts';
import type { World } from './world.ts';

export interface RecorderOptions {
  /** The server, with its base path. */
  readonly base: string;
  readonly token: string | null;
  /** Defaults to {@link MAX_TEXT}. */
  readonly maxText?: number;
}

/** A finished recording. */
export interface RecordedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** Keeps the events of a server as they come, to be saved as a file. */
export class Recorder {
  readonly startedAt: number;
  readonly #maxText: number;
  readonly #close: () => void;
  #lines: string[] = [];
  #text = 0;
  #events = 0;
  #hello: Events['hello'] | null = null;
  #full = false;

  constructor({ base, token, maxText = MAX_TEXT }: RecorderOptions, world: World) {
    this.#maxText = maxText;
    this.startedAt = world.now();
    const stream = connect(
      { url: base, token, metrics: DEFAULT_METRICS },
      // Whoever records and looks elsewhere meanwhile still wants it recorded.
      {
        ...world,
        page: {
          ...unhidden(world),
          get offline() {
            return world.page.offline;
          },
        },
      },
    );
    const offs = [...METRIC_NAMES, 'gap' as const, 'fault' as const].map((name) =>
      stream.on(name, (data) => this.#take({ name, data } as AnyEvent)),
    );
    const onHello = (hello: Events['hello']) => {
      this.#hello = hello;
    };
    offs.push(stream.on('hello', onHello));
    this.#close = () => {
      for (const off of offs) off();
      stream.close();
    };
  }

  get events(): number {
    return this.#events;
  }

  /** Characters of text; as it is written, most of them one byte. */
  get text(): number {
    return this.#text;
  }

  /** There was no room for more: what is here can still be saved. */
  get full(): boolean {
    return this.#full;
  }

  /** Ends, and makes a file of it. `host`: what is known of the machine. */
  async finish(host: Host | null): Promise<RecordedFile> {
    this.#close();
    const head = this.#head(host);
    const plain = new Blob([encodeHead(head), ...this.#lines], { type: 'application/x-ndjson' });
    this.#lines = [];
    const name = fileName(head.host.name, this.startedAt);
    if (typeof CompressionStream === 'undefined') return { name, blob: plain };
    const compressed = plain
      .stream()
      .pipeThrough(new CompressionStream('gzip') as TransformStream<Uint8Array, Uint8Array>);
    const blob = await new Response(compressed).blob();
    return { name: `${name}.gz`, blob: new Blob([blob], { type: 'application/gzip' }) };
  }

  /** Ends, and keeps nothing. */
  discard(): void {
    this.#close();
    this.#lines = [];
  }

  #take(event: AnyEvent): void {
    if (this.#full || !isRecorded(event)) return;
    const line = encodeRecorded(event);
    this.#full = this.#text + line.length > this.#maxText;
    if (this.#full) {
      this.#close();
      return;
    }
    this.#lines.push(line);
    this.#text += line.length;
    this.#events++;
  }

  #head(host: Host | null): RecordingHead {
    const { telltale, ...known } = host ?? { telltale: null };
    return {
      ...{ telltale: 'recording', protocol: this.#hello?.protocol ?? PROTOCOL, source: 'live', from: null, to: null },
      version: telltale?.version ?? this.#hello?.version ?? 'unknown',
      recordedAt: this.startedAt,
      host: {
        ...{ id: null, name: null, bootAt: null, timezone: null, memory: { totalBytes: null } },
        os: { name: null, version: null, kernel: null, arch: null },
        cpu: { model: null, cores: null, threads: null },
        ...known,
        ...this.#hello?.host,
      },
      metrics: this.#hello?.metrics ?? {},
      absent: [],
    };
  }
}

const unhidden = ({ page }: World) => ({
  hidden: false,
  listen: (listener: Parameters<World['page']['listen']>[0]) =>
    page.listen((signal) => {
      if (signal !== 'hidden' && signal !== 'shown') listener(signal);
    }),
});

/** `telltale-nas-2026-01-02T03-04-05.ndjson`, in local time: what no file system minds, whatever the host is called. */
export function fileName(host: string | null, at: number): string {
  const safe = (host ?? '')
    .replace(/[^a-zA-Z0-9.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 64);
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 19)
    .replaceAll(':', '-');
  return `telltale-${safe || 'machine'}-${local}.ndjson`;
}
