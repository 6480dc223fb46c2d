import './page.css';
import { getSession, signIn } from './session.ts';

// The page on which somebody shows a token. No library: it is what a visitor waits for first, and holds one field.

const base = new URL('./', document.baseURI).href;
const find = <E extends Element>(selector: string) => document.querySelector(selector) as E;
const form = find<HTMLFormElement>('form');
const field = find<HTMLInputElement>('#token');
const button = find<HTMLButtonElement>('button');
const said = find<HTMLElement>('#said');

/** The dashboard takes the place of this page, so that going back does not lead here. */
const enter = () => location.replace(base);

async function submit(): Promise<void> {
  button.disabled = true;
  said.textContent = '';
  const refusal = await signIn(base, field.value.trim());
  if (refusal === null) {
    enter();
    return;
  }
  button.disabled = false;
  said.textContent = refusal;
  field.setAttribute('aria-invalid', 'true');
  field.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void submit();
});

field.focus();
// Who comes by a link from elsewhere has a cookie that was kept back on the way here.
getSession(base).then(
  ({ scope, encrypted }) => {
    if (scope !== 'none') enter();
    find<HTMLElement>('#warning').hidden = encrypted;
  },
  () => {
    said.textContent = 'The server cannot be reached.';
  },
);
