/** Beyond this many, the second oldest is forgotten: more then seems to wait, which errs to the slow side. */
const MAX_MARKS = 64;

/** When so many bytes of the stream had left this process, so many of its connection had. */
interface Mark {
  readonly own: number;
  readonly connection: number;
}

/**
 * What one stream has among the bytes of a connection that it shares. The kernel tells how many bytes the other end has
 * not acknowledged, but not whose. They arrive in the order in which they left, so marks along the way tell.
 */
export class Share {
  readonly #marks: Mark[] = [{ own: 0, connection: Number.NEGATIVE_INFINITY }];
  #connection = 0;

  /** Takes note of how many bytes of the stream, and of all that its connection carries, have left so far. */
  note(own: number, connection: number): void {
    this.#connection = connection;
    if (own > this.#own) this.#marks.push({ own, connection });
    if (this.#marks.length > MAX_MARKS) this.#marks.splice(1, 1);
  }

  get #own(): number {
    return this.#marks.at(-1)?.own ?? 0;
  }

  /** How many bytes of the stream are among the last so many of its connection, which have not arrived: or a few more. */
  among(last: number): number {
    const arrived = this.#connection - last;
    while ((this.#marks[1]?.connection ?? Number.POSITIVE_INFINITY) <= arrived) this.#marks.shift();
    return this.#own - (this.#marks[0]?.own ?? 0);
  }
}
