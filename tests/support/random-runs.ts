import fc from 'fast-check';
import { counts } from './counts.ts';

// Before every file of unit tests: how often a property is tried.
fc.configureGlobal({ numRuns: counts.randomRuns });
