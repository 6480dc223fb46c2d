import type { SessionInfo } from '@telltale/shared';

/** What signing in came to; `null` when it worked, else what to tell a person. */
export type Refusal = string | null;

/** Where the server's session is, seen from the page. */
const url = (base: string) => `${base}api/session`;
/** Changes are taken from our own page alone, which proves itself by a header that no form can send. */
const CHANGE = { 'content-type': 'application/json', 'x-telltale': '1' };

/** Who the server takes us for. Throws where it does not say. */
export async function getSession(base: string): Promise<SessionInfo> {
  const response = await fetch(url(base), { cache: 'no-store', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as SessionInfo;
}

/** Exchanges a token for a cookie, which no script can read. */
export async function signIn(base: string, token: string): Promise<Refusal> {
  try {
    const response = await fetch(url(base), {
      ...{ method: 'POST', headers: CHANGE, credentials: 'same-origin' },
      body: JSON.stringify({ token }),
    });
    if (response.ok) return null;
    const { detail } = (await response.json().catch(() => ({}))) as { detail?: unknown };
    return typeof detail === 'string' ? sentence(detail) : `The server answered ${response.status}.`;
  } catch {
    return 'The server cannot be reached.';
  }
}

/** Has the server forget us. */
export async function signOut(base: string): Promise<void> {
  await fetch(url(base), { method: 'DELETE', headers: CHANGE, credentials: 'same-origin' });
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
