/** Something with a name that others may have as well, and with what tells them apart. */
export interface Named {
  readonly name: string;
  /** Where it is, such as a PCI slot; `null` where nothing is known. */
  readonly place: string | null;
}

/**
 * A name for each, no two alike: where several share a name the place is added, and where that is not enough a number.
 * A place that begins with the name ("nvme0") says it all.
 */
export function distinctNames(things: readonly Named[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of things) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return things.map(({ name, place }) => {
    const shared = (counts.get(name) ?? 0) > 1 && place !== null;
    const wanted = !shared ? name : place.startsWith(name) ? place : `${name} ${place}`;
    let distinct = wanted;
    for (let number = 2; taken.has(distinct); number++) distinct = `${wanted} #${number}`;
    taken.add(distinct);
    return distinct;
  });
}
