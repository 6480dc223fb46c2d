// A process of its own: whoever does harm from the same one would measure himself. Plain Node; asks until stdin ends.
import { get } from 'node:http';

const [, , url, localAddress] = process.argv;
const EVERY_MS = 20;
const times = [];
let failure = null;

function ask() {
  const startedAt = performance.now();
  const again = () => setTimeout(ask, EVERY_MS);
  get(`${url}/healthz`, { agent: false, ...(localAddress ? { localAddress } : {}) }, (response) => {
    response.resume();
    response.once('end', () => {
      if (response.statusCode === 200) times.push(performance.now() - startedAt);
      else failure ??= `/healthz answered ${response.statusCode}`;
      again();
    });
  }).once('error', (error) => {
    failure ??= error.message;
    again();
  });
}

ask();
process.stdin.resume().once('end', () => {
  process.stdout.write(JSON.stringify({ times, failure }), () => process.exit(0));
});
