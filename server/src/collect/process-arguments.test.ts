import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../testing/any-character.ts';
import { MASK, parseArguments } from './process-arguments.ts';

const shown = (...words: string[]) => parseArguments(`${words.join('\0')}\0`);

describe('a command line', () => {
  it.each([
    [['/sbin/init'], '/sbin/init'],
    [['ls', '-l', '/home/me'], 'ls -l /home/me'],
    [['nginx: worker process'], 'nginx: worker process'],
    [['sshd: alice@pts/0'], 'sshd: alice@pts/0'],
    [['ssh', 'git@github.com', '-i', '/home/me/.ssh/id_ed25519'], 'ssh git@github.com -i /home/me/.ssh/id_ed25519'],
    [
      ['curl', '-fsSL', 'https://example.org:8443/a/b?page=2#top'],
      'curl -fsSL https://example.org:8443/a/b?page=2#top',
    ],
    [['/usr/lib/x86_64-linux-gnu/libexec/kf5/kioslave5'], '/usr/lib/x86_64-linux-gnu/libexec/kf5/kioslave5'],
    [['chrome', '--disable-client-side-phishing-detection'], 'chrome --disable-client-side-phishing-detection'],
    [['java', '-XX:+HeapDumpOnOutOfMemoryError', '-Xmx2g'], 'java -XX:+HeapDumpOnOutOfMemoryError -Xmx2g'],
    [['sudo', '-u', 'postgres', 'psql', '--port', '5433'], 'sudo -u postgres psql --port 5433'],
    [['/lib/systemd/systemd', '--user', '--deserialize=10'], '/lib/systemd/systemd --user --deserialize=10'],
    [['gnome-keyring-daemon', '--login'], 'gnome-keyring-daemon --login'],
    [['xauth', 'list'], 'xauth list'],
    [['rsync', '-a', 'from', 'to'], 'rsync -a from to'],
    [['echo', '', 'x'], 'echo  x'],
    [['echo', '\u001b[31m\u202e\n'], 'echo \u001b[31m\u202e\n'],
  ])('without a secret is shown as it is: %j', (words, line) => expect(shown(...words)).toBe(line));

  it.each(['', '\0', '\0\0\0'])('is null where there is none, as in %j', (text) => {
    expect(parseArguments(text)).toBeNull();
  });

  it('of a program that changed its title ends where the title does', () => {
    expect(parseArguments(`nginx: master process${'\0'.repeat(20_000)}`)).toBe('nginx: master process');
  });

  it('is at most 1 KiB, and never ends with half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 200, maxLength: 3_000 }), (text) => {
        const line = parseArguments(`x\0${text}`) ?? '';
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_024);
        expect(Buffer.from(line).toString()).toBe(line);
      }),
    );
    expect(shown('cat', 'ä'.repeat(1_000))).toBe(`cat ${'ä'.repeat(508)}…`);
  });

  it('leaves out a word that is too long to be looked at to its end', () => {
    expect(shown('java', '-cp', 'lib/a.jar:'.repeat(1_000), 'Main')).toBe('java -cp …');
    expect(shown('x', `https://me:${'x '.repeat(5_000)}@example.org`)).toBe('x …');
  });

  it('of any kind is read in no time', () => {
    const parts = ['key', '-p ', '-u=', 'A=', '-', ' ', ':', '@', 'eyJ', 'a1', '\0', '--user ', '="', 'sig', '-key'];
    for (const part of parts) {
      const text = part.repeat(2_000_000 / part.length);
      const times = Array.from({ length: 10 }, () => {
        const startedAt = performance.now();
        parseArguments(text);
        return performance.now() - startedAt;
      });
      // One or two, or more than twenty where the time grows with the square of the length.
      expect(Math.min(...times), JSON.stringify(part)).toBeLessThan(10);
    }
  });
});

/** Ways to hand over a secret of one's own choice. */
const FORMS: readonly (readonly [string, (secret: string) => string[]])[] = [
  ['an option with =', (secret) => ['x', `--password=${secret}`, 'y']],
  ['an option with = and a short name', (secret) => ['x', `-password=${secret}`]],
  ['an option and the next word', (secret) => ['x', '--password', secret, 'y']],
  ['a token', (secret) => ['x', `--token=${secret}`]],
  ['a token, next', (secret) => ['x', '--token', secret]],
  ['a secret', (secret) => ['x', '--client-secret', secret]],
  ['an API key', (secret) => ['x', `--api-key=${secret}`]],
  ['an API key in another spelling', (secret) => ['x', '--apiKey', secret]],
  ['authentication', (secret) => ['x', '--auth', secret]],
  ['an authentication token', (secret) => ['x', `--auth-token=${secret}`]],
  ['two options in a row', (secret) => ['x', '--auth', '--password', secret]],
  ['an option whose = ends the word', (secret) => ['x', '--password=', secret]],
  ['-p and the next word', (secret) => ['sshpass', '-p', secret, 'ssh', 'host']],
  ['-p and the rest of the word', (secret) => ['mysql', '-u', 'root', `-p${secret}`]],
  ['-p with =', (secret) => ['x', `-p=${secret}`]],
  ['-P of unzip', (secret) => ['unzip', '-P', secret, 'a.zip']],
  ['-a of redis-cli', (secret) => ['/usr/bin/redis-cli', '-a', secret]],
  ['-w of ldapsearch', (secret) => ['ldapsearch', '-x', '-w', secret]],
  ['-u of curl', (secret) => ['curl', '-u', `bob:${secret}`, 'https://example.org']],
  ['-u of curl, joined', (secret) => ['curl', `-ubob:${secret}`]],
  ['--user of curl', (secret) => ['curl', '--user', `bob:${secret}`]],
  ['--user= of curl', (secret) => ['curl', `--user=bob:${secret}`]],
  ['-U of smbclient', (secret) => ['smbclient', '-U', `bob%${secret}`]],
  ['a variable', (secret) => ['env', `PGPASSWORD=${secret}`, 'psql']],
  ['a variable of any name', (secret) => ['docker', 'run', '-e', `DB=${secret}`, 'image']],
  ['an environment as JSON', (secret) => ['x', '--env', `{"HOME": "/", "DB": "${secret}"}`]],
  ['a variable called KEY', (secret) => [`KEY=${secret}`, 'x']],
  ['a property of Java', (secret) => ['java', `-Dspring.datasource.password=${secret}`]],
  ['the password of a URL', (secret) => ['x', `https://bob:${secret}@example.org/a?b=c`]],
  ['the user of a URL', (secret) => ['git', 'clone', `https://${secret}@example.org/a.git`]],
  ['a URL of a database', (secret) => ['x', '--db', `postgres://bob:${secret}@db:5432/app`]],
  ['a URL in an option', (secret) => ['x', `--proxy=http://bob:${secret}@proxy:3128`]],
  ['user:password@host', (secret) => ['mongo', `bob:${secret}@db/app`]],
  ['a query', (secret) => ['curl', `https://example.org/?a=b&access_token=${secret}&c=d`]],
  ['a signed query', (secret) => ['curl', `https://example.org/?sv=1&sig=${secret}`]],
  ['a header', (secret) => ['curl', '-H', `Authorization: Bearer ${secret}`]],
  ['a header of its own', (secret) => ['curl', '-H', `X-Api-Key: ${secret}`]],
  ['a header in an option', (secret) => ['curl', `--header=Authorization: Basic ${secret}`]],
  ['a header, word by word', (secret) => ['x', 'Authorization:', 'Bearer', secret]],
  ['a bare Bearer', (secret) => ['x', 'Bearer', secret]],
  ['a cookie', (secret) => ['curl', '--cookie', secret]],
  ['a word that says it', (secret) => ['mysqladmin', 'password', secret]],
  ['JSON', (secret) => ['curl', '-d', `{"user": "bob", "password": "${secret}"}`]],
  ['XML', (secret) => ['x', `<login><password>${secret}</password></login>`]],
  ['a script', (secret) => ['sh', '-c', `mysql --password=${secret} db`]],
  ['a script, next', (secret) => ['sh', '-c', `mysql --password '${secret}' db`]],
  ['a script with -p', (secret) => ['sh', '-c', `mysql -u root -p${secret} db`]],
  ['a script with a variable', (secret) => ['sh', '-c', `cd /x && TOKEN=${secret} ./run`]],
  ['a script with -u', (secret) => ['sh', '-c', `curl -s -u bob:${secret} https://example.org`]],
  ['a script with a URL', (secret) => ['sh', '-c', `git clone https://bob:${secret}@example.org/a.git && make`]],
  ['a title', (secret) => [`server --listen 80 --token=${secret}`]],
];
const hash = (seed: string) => createHash('sha256').update(seed).digest();
/** Secrets that look like one wherever they stand. */
const SHAPES: readonly (readonly [string, (seed: string) => string])[] = [
  ['hexadecimal', (seed) => hash(seed).toString('hex')],
  ['hexadecimal of 16', (seed) => hash(seed).toString('hex').slice(0, 16)],
  ['base64', (seed) => hash(seed).toString('base64')],
  ['base64url', (seed) => hash(seed).toString('base64url')],
  ['a key of AWS', (seed) => `AKIA${hash(seed).toString('hex').slice(0, 16).toUpperCase()}`],
  ['a token of GitHub', (seed) => `ghp_${hash(seed).toString('base64').replace(/\W/g, '').slice(0, 36)}`],
  ['a token of GitLab', (seed) => `glpat-${hash(seed).toString('base64url').slice(0, 20)}`],
  ['a token of Slack', (seed) => `xoxb-${Number.parseInt(hash(seed).toString('hex').slice(0, 10), 16)}-abcdefgh`],
  [
    'a JSON web token',
    (seed) =>
      `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${seed}"}`).toString('base64url')}.${hash(seed).toString('base64url')}`,
  ],
];
const word = fc.stringMatching(/^[a-z/.-]{0,12}$/);
/** Often one of those that part words. */
const unit = fc.oneof(
  fc.constantFrom(...' @:/=-?&"\'<>%'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
/** Snowmen at both ends and in the middle: where one is left, a part of the secret is. */
const secret = fc.tuple(fc.string({ unit }), fc.string({ unit })).map(([a, b]) => `☃${a}☃${b}☃`.replaceAll('\0', ''));

describe('a secret is masked', () => {
  it.each(FORMS)('as %s', (_, form) => {
    fc.assert(
      fc.property(secret, fc.array(word, { maxLength: 4 }), fc.array(word, { maxLength: 4 }), (own, before, after) => {
        const line = shown(...form('').slice(0, 1), ...before, ...form(own).slice(1), ...after) ?? '';
        const alone = shown(...form(own)) ?? '';
        expect(alone).not.toContain('☃');
        expect(alone).toContain(MASK);
        if (form('').length > 1) expect(line).not.toContain('☃');
      }),
    );
  });

  it.each(SHAPES)('as %s', (_, shape) => {
    fc.assert(
      fc.property(
        fc.string(),
        word,
        word,
        fc.constantFrom('', '=', ':', ' ', '"', ',', '/'),
        (seed, before, after, between) => {
          const own = shape(seed);
          const line = shown('x', `${before}${between}${own}${between}${after}`) ?? '';
          expect(line).toContain(MASK);
          // No eight characters of it in a row.
          for (let i = 0; i + 8 <= own.length; i++) expect(line).not.toContain(own.slice(i, i + 8));
        },
      ),
    );
  });

  it('and what is around it is shown', () => {
    expect(shown('mysql', '--host', 'db', '--password=x', 'app')).toBe('mysql --host db --password=*** app');
    expect(shown('mysql', '--password', 'x', 'app')).toBe('mysql --password *** app');
    expect(shown('psql', 'postgres://bob:x@db:5432/app')).toBe('psql postgres://***@db:5432/app');
    expect(shown('curl', 'https://a.org/?token=x&y=z', '-o', 'f')).toBe('curl https://a.org/?token=*** -o f');
    expect(shown('sh', '-c', 'cd /x && TOKEN=y ./run')).toBe('sh -c cd /x && TOKEN=***');
    expect(shown('curl', '-u', 'bob:x', 'a.org')).toBe('curl -u bob:*** a.org');
  });

  it('whole, where parts of it look like what parts it from the rest', () => {
    expect(shown('x', 'https://bob:key=a@b/c@example.org')).toBe('x https://***');
    expect(shown('x', '--token=a@b:c')).toBe('x --token=***');
    expect(shown('x', 'https://bob:a@b@example.org/c')).toBe('x https://***@example.org/c');
  });
});
