import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { EXIT, ExitError } from './errors.ts';

/** What HTTPS needs, as PEM texts. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

const badUsage = (message: string) => new ExitError(EXIT.usage, message);
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Reads a certificate and its key, and makes sure that they belong together. Throws bad usage that says what is wrong. */
export function readTls(certFile: string, keyFile: string): Tls {
  const read = (option: string, file: string) => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw badUsage(`${option}: ${reasonOf(error)}`);
    }
  };
  const tls = { cert: read('--tls-cert', certFile), key: read('--tls-key', keyFile) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw badUsage(`--tls-cert and --tls-key are no pair of PEM files: ${reasonOf(error)}`);
  }
  return tls;
}
