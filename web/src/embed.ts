// The one file for other people's pages: loading it defines every element.
import { defineElements } from './elements/index.ts';

defineElements();
