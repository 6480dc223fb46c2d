#!/usr/bin/env node
import { main } from '../dist/telltale.js';

await main(process.argv.slice(2));
