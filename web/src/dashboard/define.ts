// What `<telltale-dashboard>` of the package loads: what draws it, and everything that it holds.
import { defineElements } from '../elements/index.ts';
import { defineDashboard } from './parts.ts';

defineDashboard();
defineElements();
