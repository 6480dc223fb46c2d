/** The exit codes of the command line (sysexits.h where it has one). */
export const EXIT = { ok: 0, usage: 2, portTaken: 69, unavailable: 69, internal: 70, refused: 78 } as const;

/** An error that ends the program: one line on stderr that says what to do, and the exit code. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What was found cannot be worked with: ends the program with its reason, which says what to do. */
export function refuse(error: Error): never {
  throw new ExitError(EXIT.refused, error.message);
}

/** A request that cannot be served as asked. `message` is shown to whoever asked. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  /** RFC 9457. `headers` are those that every answer carries. */
  toResponse(headers: Readonly<Record<string, string>> = {}): Response {
    const body = { title: STATUS_TITLES.get(this.status) ?? 'Error', status: this.status, detail: this.message };
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: {
        ...headers,
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...this.headers,
      },
    });
  }
}

const STATUS_TITLES = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [413, 'Content Too Large'],
  [421, 'Misdirected Request'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
]);
