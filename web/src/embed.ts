// The one file for other people's pages: loading it defines every element, and gives programs the stream itself.
import { defineElements } from './elements/index.ts';

export { connect } from './client/index.ts';

defineElements();
