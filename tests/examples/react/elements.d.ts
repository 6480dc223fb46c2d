import type { TelltaleElements } from '@telltale/web/jsx';

declare module 'react' {
  // biome-ignore lint/style/noNamespace: JSX looks for them there
  namespace JSX {
    interface IntrinsicElements extends TelltaleElements {}
  }
}
