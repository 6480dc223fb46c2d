// The elements in JSX. A project tells its framework of them once, in a file of its own, since only from there is it certain
// which one is meant: `react` for React 19, or `preact`, or `solid-js`.
//
//   import type { TelltaleElements } from '@telltale/web/jsx';
//   declare module 'react' {
//     namespace JSX {
//       interface IntrinsicElements extends TelltaleElements {}
//     }
//   }
import type { LitElement } from 'lit';
import type { TelltalePointEvent, TelltaleSpanEvent } from './elements/base/events.ts';
import './elements/tag-names.ts';

type Tag = Extract<keyof HTMLElementTagNameMap, `telltale-${string}`>;

/** What an element has of its own that is no method. */
type Own<E> = {
  [K in Exclude<keyof E, keyof LitElement> as E[K] extends (...args: never[]) => unknown ? never : K]?:
    | E[K]
    | undefined;
};

interface Everywhere<E> {
  children?: unknown;
  class?: string | undefined;
  className?: string | undefined;
  hidden?: boolean | undefined;
  id?: string | undefined;
  key?: string | number | bigint | null | undefined;
  part?: string | undefined;
  ref?: E | ((element: E | null) => unknown) | { current: E | null } | null | undefined;
  slot?: string | undefined;
  style?: object | string | undefined;
  title?: string | undefined;
  /** React and Preact. */
  'ontelltale-point'?: ((event: TelltalePointEvent) => void) | undefined;
  'ontelltale-span'?: ((event: TelltaleSpanEvent) => void) | undefined;
  /** Solid. */
  'on:telltale-point'?: ((event: TelltalePointEvent) => void) | undefined;
  'on:telltale-span'?: ((event: TelltaleSpanEvent) => void) | undefined;
}

/** What each element takes, by its tag. */
export type TelltaleElements = { [T in Tag]: Own<HTMLElementTagNameMap[T]> & Everywhere<HTMLElementTagNameMap[T]> };
