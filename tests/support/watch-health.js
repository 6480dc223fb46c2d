// A process of its own: whoever does harm from the same one would measure himself. Plain Node; asks until stdin ends, the
// server and, beside it, itself: what a machine that is busy with other things makes of that is not the server's doing.
import { createServer, get } from 'node:http';

const [, , url, localAddress] = process.argv;
const EVERY_MS = 20;
const times = [];
const control = [];
let failure = null;

function ask(address, options, into) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const fail = (why) => {
      failure ??= why;
      resolve();
    };
    get(address, { agent: false, ...options }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode !== 200) return fail(`${address} answered ${response.statusCode}`);
        into.push(performance.now() - startedAt);
        resolve();
      });
    }).once('error', ({ message }) => fail(message));
  });
}

async function watch(port) {
  for (;;) {
    await ask(`${url}/healthz`, localAddress ? { localAddress } : {}, times);
    await ask(`http://127.0.0.1:${port}/`, {}, control);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

const own = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1', () => {
  void watch(own.address().port);
});
process.stdin.resume().once('end', () => {
  process.stdout.write(JSON.stringify({ times, control, failure }), () => process.exit(0));
});
