import type { PortableCalls } from '../collect/portable/bridge.ts';
import type { Answers, Call } from '../collect/portable/worker.ts';

/** A systeminformation that answers what a test says, also what its types forbid; an `Error` is thrown. */
export function fakeCalls(answers: { readonly [C in Call]?: unknown }): PortableCalls & { readonly asked: Call[] } {
  const asked: Call[] = [];
  return {
    asked,
    async call<C extends Call>(call: C): Promise<Answers[C]> {
      asked.push(call);
      const answer = answers[call];
      if (answer instanceof Error) throw answer;
      return structuredClone(answer) as Answers[C];
    },
  };
}
